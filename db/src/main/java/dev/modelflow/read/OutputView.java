package dev.modelflow.read;

import dev.modelflow.domain.ArtifactKind;

/**
 * An artifact that a stage made.
 *
 * @param name of the output, e.g. {@code tokens.code}
 * @param totalSize in bytes
 */
public record OutputView(
    String stage, String name, String artifact, ArtifactKind kind, long totalSize, int fileCount) {}
