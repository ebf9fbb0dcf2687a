package dev.modelflow.text;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A document in the form that Dolma's tools read.
 *
 * @param id unique in its corpus
 * @param text what is learnt from
 * @param source the name of the source it belongs to
 * @param added when the source was pinned, ISO 8601; never the clock, so that equal work gives
 *     equal bytes
 * @param created when the text was published, ISO 8601
 * @param metadata where it comes from: coordinate, path, digest, licence
 * @param attributes what curation found out about it
 */
@JsonPropertyOrder({"id", "text", "source", "added", "created", "metadata", "attributes"})
public record Document(
    String id,
    String text,
    String source,
    String added,
    String created,
    Map<String, String> metadata,
    Map<String, Object> attributes) {
  /** Sorts metadata and attributes by key. */
  public Document {
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
  }

  /** The same document with one attribute more. */
  public Document with(String attribute, Object value) {
    Map<String, Object> more = new TreeMap<>(attributes);
    more.put(attribute, value);
    return new Document(id, text, source, added, created, metadata, more);
  }
}
