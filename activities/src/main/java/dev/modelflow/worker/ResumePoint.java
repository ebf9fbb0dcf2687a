package dev.modelflow.worker;

import java.nio.file.Path;

/**
 * A checkpoint of the stage itself that an attempt must continue from.
 *
 * @param folder its files; read-only
 * @param step after which it was written
 */
public record ResumePoint(Path folder, long step) {}
