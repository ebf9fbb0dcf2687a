package dev.modelflow.worker;

import dev.modelflow.domain.ArtifactKind;
import java.nio.file.Path;
import java.util.Map;

/**
 * One thing that a stage made.
 *
 * @param kind what it is
 * @param folder holds its files; all of them, and nothing else, become the artifact
 * @param properties facts that readers need without opening a file; part of the artifact's identity
 */
public record StageOutput(ArtifactKind kind, Path folder, Map<String, String> properties) {}
