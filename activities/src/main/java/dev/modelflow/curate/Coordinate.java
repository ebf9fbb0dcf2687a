package dev.modelflow.curate;

import java.nio.file.Path;

/**
 * An artifact in a Maven repository.
 *
 * @param group the group id
 * @param artifact the artifact id
 * @param version the exact version
 * @param type the file's extension
 * @param classifier e.g. {@code javadoc}; empty: none
 */
record Coordinate(String group, String artifact, String version, String type, String classifier) {
  /** Reads {@code GROUP:ARTIFACT:VERSION[:TYPE[:CLASSIFIER]]}, the type being jar by default. */
  static Coordinate parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length < 3 || parts.length > 5) {
      throw new IllegalArgumentException(
          "'%s' is no artifact: expected GROUP:ARTIFACT:VERSION[:TYPE[:CLASSIFIER]]"
              .formatted(text));
    }
    return new Coordinate(
        parts[0],
        parts[1],
        parts[2],
        parts.length > 3 ? parts[3] : "jar",
        parts.length > 4 ? parts[4] : "");
  }

  /** The file's name in a repository, and in the folder that Maven copies to. */
  String fileName() {
    String suffix = classifier.isEmpty() ? "" : "-" + classifier;
    return artifact + "-" + version + suffix + "." + type;
  }

  /** Where a local repository keeps it. */
  Path in(Path repository) {
    return repository
        .resolve(group.replace('.', '/'))
        .resolve(artifact)
        .resolve(version)
        .resolve(fileName());
  }

  @Override
  public String toString() {
    String base = group + ":" + artifact + ":" + version;
    return classifier.isEmpty() ? base : base + ":" + type + ":" + classifier;
  }
}
