package dev.modelflow.engine.model;

import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.PackedWeight;
import dev.modelflow.engine.kernel.Rows;
import dev.modelflow.engine.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;

/**
 * Copies of a model's matrices in the order in which {@link Decoding} reads them, and views of its
 * other weights. Any number of threads may read them. Close them to free their memory, before the
 * weights are freed.
 */
public final class DecodeWeights implements AutoCloseable {
  /** The weights of one block; norms are rows of float32. */
  record Block(
      PackedWeight queryKeyValue,
      Matrix queryKeyNorm,
      PackedWeight output,
      Matrix attentionNorm,
      PackedWeight gateUp,
      PackedWeight down,
      Matrix feedForwardNorm) {}

  private final Parameters values;
  private final Precision precision;
  private final List<PackedWeight> owned = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  private final Matrix embedding;
  private final Matrix norm;
  private final PackedWeight head;

  /**
   * Copies the weights as they are now.
   *
   * @param precision that linear layers multiply in
   */
  public DecodeWeights(ModelConfig config, Parameters values, Precision precision) {
    this.values = values;
    this.precision = precision;
    // Of views only the addresses matter, and those are the weights' own.
    try (PointerScope _ = new PointerScope()) {
      int d = config.width();
      int queries = config.queryWidth();
      int keys = config.keyValueWidth();
      int inner = config.feedForward();
      for (int i = 0; i < config.layers(); i++) {
        blocks.add(
            new Block(
                packed(ParameterLayout.attention(i, "q_proj"), queries + 2 * keys, d),
                view(ParameterLayout.attention(i, "q_norm"), 1, queries + keys),
                packed(ParameterLayout.attention(i, "o_proj"), d, queries),
                view(ParameterLayout.norm(i, "post_attention_layernorm"), 1, d),
                packed(ParameterLayout.feedForward(i, "gate_proj"), 2 * inner, d),
                packed(ParameterLayout.feedForward(i, "down_proj"), d, inner),
                view(ParameterLayout.norm(i, "post_feedforward_layernorm"), 1, d)));
      }
      embedding = view(ParameterLayout.EMBEDDING, config.vocabulary(), d);
      norm = view("model.norm.weight", 1, d);
      head = packed(values.layout().head().name(), config.vocabulary(), d);
    }
  }

  /** Whether a {@link Decoding} knows models of this shape, with weights where these are. */
  public static boolean fit(ModelConfig config, Parameters values) {
    return config.experts() == null && values.flat().is_cpu();
  }

  Precision precision() {
    return precision;
  }

  List<Block> blocks() {
    return blocks;
  }

  Matrix embedding() {
    return embedding;
  }

  Matrix norm() {
    return norm;
  }

  PackedWeight head() {
    return head;
  }

  private PackedWeight packed(String first, int rows, int columns) {
    Matrix own = view(first, rows, columns);
    PackedWeight packed;
    try (PointerScope _ = new PointerScope()) {
      packed = new PackedWeight(rounded(own));
    }
    owned.add(packed);
    return packed;
  }

  private Matrix rounded(Matrix weight) {
    if (precision == Precision.FLOAT32) {
      return weight;
    }
    Matrix rounded = Matrix.empty(weight.rows(), weight.columns(), precision);
    Rows.copy(weight, rounded);
    return rounded;
  }

  private Matrix view(String first, int rows, int columns) {
    return Matrix.of(values.view(first, rows, columns), rows, columns, Precision.FLOAT32);
  }

  @Override
  public void close() {
    owned.forEach(PackedWeight::close);
  }
}
