package dev.modelflow.engine.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Where each weight lies in one flat buffer: matrices that multiply, then norms, then the
 * embeddings, which alone do not decay, as in Olmo 3. So AdamW treats two ranges; weights that one
 * multiplication uses together (query, key and value; gate and up) are neighbours, so that a view
 * over all of them is one matrix.
 */
public final class ParameterLayout {
  /** A weight: Hugging Face's name, its shape, and where it starts in the buffer. */
  public record Entry(String name, List<Long> shape, long offset) {
    /** Number of values. */
    public long size() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  /** The embeddings' name. */
  public static final String EMBEDDING = "model.embed_tokens.weight";

  private static final String HEAD = "lm_head.weight";

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final long multiplied;
  private final long decayed;
  private long size;

  /** The layout of this model's weights. */
  public ParameterLayout(ModelConfig config) {
    long d = config.width();
    long queries = config.queryWidth();
    long keys = config.keyValueWidth();
    long vocabulary = config.vocabulary();
    for (int layer = 0; layer < config.layers(); layer++) {
      add(attention(layer, "q_proj"), queries, d);
      add(attention(layer, "k_proj"), keys, d);
      add(attention(layer, "v_proj"), keys, d);
      add(attention(layer, "o_proj"), d, queries);
      addFeedForward(config, layer);
    }
    if (!config.tied()) {
      add(HEAD, vocabulary, d);
    }
    multiplied = size;
    for (int layer = 0; layer < config.layers(); layer++) {
      add(attention(layer, "q_norm"), queries);
      add(attention(layer, "k_norm"), keys);
      add(norm(layer, "post_attention_layernorm"), d);
      add(norm(layer, "post_feedforward_layernorm"), d);
    }
    add("model.norm.weight", d);
    decayed = size;
    add(EMBEDDING, vocabulary, d);
  }

  private void addFeedForward(ModelConfig config, int layer) {
    Experts experts = config.experts();
    if (experts == null) {
      addSwiGlu(config, part -> feedForward(layer, part));
      return;
    }
    add(router(layer), (long) experts.count(), (long) config.width());
    for (int i = 0; i < experts.count(); i++) {
      int expert = i;
      addSwiGlu(config, part -> expert(layer, expert, part));
    }
  }

  private void addSwiGlu(ModelConfig config, UnaryOperator<String> name) {
    long d = config.width();
    long inner = config.feedForward();
    add(name.apply("gate_proj"), inner, d);
    add(name.apply("up_proj"), inner, d);
    add(name.apply("down_proj"), d, inner);
  }

  /** Every weight, in the buffer's order. */
  public List<Entry> entries() {
    return new ArrayList<>(entries.values());
  }

  /** The weight of this name; throws {@link IllegalArgumentException} when there is none. */
  public Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("The model has no weight '" + name + "'");
    }
    return entry;
  }

  /** The weight that the head multiplies with: the embeddings where they are tied. */
  public Entry head() {
    return entry(entries.containsKey(HEAD) ? HEAD : EMBEDDING);
  }

  /** Values in the whole buffer: the number of parameters. */
  public long size() {
    return size;
  }

  /**
   * Values in 0 .. multiplied - 1 are of matrices that multiply all tokens; norms and the
   * embeddings, whose rows are looked up, lie behind them.
   */
  public long multiplied() {
    return multiplied;
  }

  /**
   * Values in 0 .. decayed - 1 decay; the embeddings, behind them, do not (OLMo-core's {@code
   * OptimGroupOverride} in Olmo 3's scripts).
   */
  public long decayed() {
    return decayed;
  }

  /** The name of a weight of a layer's attention, such as {@code q_proj}. */
  public static String attention(int layer, String part) {
    return "model.layers." + layer + ".self_attn." + part + ".weight";
  }

  /** The name of a weight of a layer's feed-forward, such as {@code gate_proj}. */
  public static String feedForward(int layer, String part) {
    return "model.layers." + layer + ".mlp." + part + ".weight";
  }

  static String expert(int layer, int expert, String part) {
    return feedForward(layer, "experts." + expert + "." + part);
  }

  static String router(int layer) {
    return feedForward(layer, "gate");
  }

  /** The name of the norm of a layer on this part, such as {@code post_attention_layernorm}. */
  public static String norm(int layer, String part) {
    return "model.layers." + layer + "." + part + ".weight";
  }

  private void add(String name, Long... shape) {
    Entry entry = new Entry(name, List.of(shape), size);
    entries.put(name, entry);
    size += entry.size();
  }
}
