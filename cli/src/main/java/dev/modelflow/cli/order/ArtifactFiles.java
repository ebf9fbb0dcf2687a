package dev.modelflow.cli.order;

import java.nio.file.Path;
import java.util.List;

/** Brings files of artifacts onto this machine. */
@FunctionalInterface
public interface ArtifactFiles {
  /** A folder that holds these files of the artifact. */
  Path folder(String artifact, List<String> names);
}
