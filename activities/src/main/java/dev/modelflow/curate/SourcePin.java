package dev.modelflow.curate;

/**
 * A source of real text, pinned to its bytes.
 *
 * @param name the documents' source; several pins may share it
 * @param artifact its coordinate, see {@link Coordinate#parse}
 * @param sha256 the digest of the file, 64 lower-case hexadecimal digits
 * @param licence what the text is licensed under
 * @param published the day it appeared, ISO 8601
 * @param format how to read it
 * @param documents at most so many documents, spread over the artifact; 0: all
 */
record SourcePin(
    String name,
    String artifact,
    String sha256,
    String licence,
    String published,
    Format format,
    int documents) {
  Coordinate coordinate() {
    return Coordinate.parse(artifact);
  }
}
