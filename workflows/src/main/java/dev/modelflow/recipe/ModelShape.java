package dev.modelflow.recipe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The model of a recipe: a decoder after Olmo 3.
 *
 * @param values every key of the recipe's {@code model} block, defaults filled in, in table order
 */
public record ModelShape(Map<String, Object> values) {
  /** Copies the map, keeping its order. */
  public ModelShape {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Number of decoder blocks. */
  public int layers() {
    return whole("layers");
  }

  /** Width of the residual stream. */
  public int width() {
    return whole("width");
  }

  /** Number of attention heads. */
  public int heads() {
    return whole("heads");
  }

  /** Number of heads of keys and values. */
  public int keyValueHeads() {
    return values.containsKey("keyValueHeads") ? whole("keyValueHeads") : heads();
  }

  /** Size of a head's vectors. */
  public int headSize() {
    return values.containsKey("headSize") ? whole("headSize") : width() / heads();
  }

  /** Whether the embeddings are the head's matrix too. */
  public boolean hasTiedHead() {
    return Boolean.TRUE.equals(values.get("tiedHead"));
  }

  /** Experts of a block; 0: it has one SwiGLU. */
  public int experts() {
    return (int) RecipeFields.whole(block("experts"), "count");
  }

  /** Experts that each token goes to; 0 where there are none. */
  public int expertsPerToken() {
    return (int) RecipeFields.whole(block("experts"), "perToken");
  }

  /** Inner width of the SwiGLU, of each expert's where there are experts. */
  public int feedForward() {
    return whole("feedForward");
  }

  /** Entries of the tokenizer, special tokens included. */
  public int vocabulary() {
    return whole("vocabulary");
  }

  /** Longest sequence in tokens, before a long-context stage stretches it. */
  public int context() {
    return whole("context");
  }

  /** Tokens that a sliding layer sees, the current one included; 0: every layer sees all. */
  public int slidingWindow() {
    return whole("slidingWindow");
  }

  /** Whether block {@code layer} (from 0) sees the whole context: each fourth one and the last. */
  public boolean isFull(int layer) {
    return slidingWindow() == 0 || (layer + 1) % 4 == 0 || layer == layers() - 1;
  }

  /** Base of the rotary positions. */
  public double ropeBase() {
    return number("ropeBase").doubleValue();
  }

  private Map<String, Object> block(String key) {
    Map<String, Object> block = new LinkedHashMap<>();
    if (values.get(key) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> block.put(String.valueOf(name), value));
    }
    return block;
  }

  private int whole(String key) {
    return number(key).intValue();
  }

  private Number number(String key) {
    if (values.get(key) instanceof Number number) {
      return number;
    }
    throw new IllegalStateException("The model has no '" + key + "'");
  }
}
