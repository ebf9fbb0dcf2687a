package dev.modelflow.domain;

/**
 * One file of an artifact.
 *
 * @param path relative, with forward slashes, without {@code .} or {@code ..} segments
 * @param size in bytes
 * @param sha256 of the file's bytes; also the name of the object that holds them
 */
public record ManifestFile(String path, long size, Digest sha256) {
  /** Checks the path and size; throws {@link IllegalArgumentException} naming the value. */
  public ManifestFile {
    if (path.isEmpty() || path.startsWith("/") || path.contains("\\") || hasDotSegment(path)) {
      throw new IllegalArgumentException(
          "'" + path + "' is not a relative path inside an artifact");
    }
    if (size < 0) {
      throw new IllegalArgumentException("Size of '" + path + "' is negative: " + size);
    }
  }

  private static boolean hasDotSegment(String path) {
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return true;
      }
    }
    return false;
  }
}
