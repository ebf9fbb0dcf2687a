package dev.modelflow.text;

import dev.modelflow.domain.ArtifactKind;
import java.nio.file.Path;
import java.util.Map;

/**
 * A folder that a stage has made.
 *
 * @param kind what it is
 * @param folder where its files are
 * @param properties facts that readers need without opening a file
 */
public record StageOutput(ArtifactKind kind, Path folder, Map<String, String> properties) {}
