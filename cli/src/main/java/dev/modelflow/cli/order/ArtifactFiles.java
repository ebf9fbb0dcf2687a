package dev.modelflow.cli.order;

import java.nio.file.Path;
import java.util.List;

/** Brings files of artifacts onto this machine. */
public interface ArtifactFiles {
  /** A folder that holds these files of the artifact. */
  Path folder(String artifact, List<String> names);

  /** Those of these names that are files of the artifact. */
  List<String> present(String artifact, List<String> names);
}
