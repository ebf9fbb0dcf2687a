package dev.modelflow.engine.model;

import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A model's weights as the decoder multiplies with them: views of the flat buffer, query, key and
 * value as one matrix, gate and up as one. Close it to free the views; the buffer stays.
 */
public final class Weights implements AutoCloseable {
  /** The weights of one block. */
  record Block(
      Linear queryKeyValue,
      Tensor queryKeyNorm,
      Linear output,
      Tensor attentionNorm,
      FeedForward feedForward,
      Tensor feedForwardNorm) {}

  /** What a block does with each token by itself. */
  sealed interface FeedForward {}

  /** One SwiGLU: [2 * feedForward, width] and [width, feedForward]. */
  record Dense(Linear gateUp, Linear down) implements FeedForward {}

  /** Experts, and the router's [experts, width] that sends each token to {@code perToken}. */
  record Sparse(Tensor router, List<Dense> experts, int perToken) implements FeedForward {}

  private final Parameters values;
  private final Precision precision;
  private final @Nullable Parameters gradients;
  private final List<Tensor> owned = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  private final Tensor embedding;
  private final Tensor norm;
  private final Linear head;

  private Weights(
      ModelConfig config, Parameters values, Precision precision, @Nullable Parameters gradients) {
    this.values = values;
    this.precision = precision;
    this.gradients = gradients;
    try (PointerScope _ = new PointerScope()) {
      long d = config.width();
      long queries = config.queryWidth();
      long keys = config.keyValueWidth();
      for (int i = 0; i < config.layers(); i++) {
        blocks.add(
            new Block(
                matrix(ParameterLayout.attention(i, "q_proj"), queries + 2 * keys, d),
                leaf(ParameterLayout.attention(i, "q_norm"), queries + keys),
                matrix(ParameterLayout.attention(i, "o_proj"), d, queries),
                leaf(ParameterLayout.norm(i, "post_attention_layernorm"), d),
                feedForward(config, i),
                leaf(ParameterLayout.norm(i, "post_feedforward_layernorm"), d)));
      }
      embedding = leaf(ParameterLayout.EMBEDDING, config.vocabulary(), d);
      norm = leaf("model.norm.weight", d);
      // The head's gradient is written by hand, so its weight takes no part in the graph.
      head = head(values.view(values.layout().head().name(), config.vocabulary(), d));
    }
  }

  /** Views without gradients. */
  public static Weights forInference(ModelConfig config, Parameters values) {
    return forInference(config, values, Precision.FLOAT32);
  }

  /** The same, with copies of the matrices of linear layers where their precision is another. */
  public static Weights forInference(ModelConfig config, Parameters values, Precision precision) {
    return new Weights(config, values, precision, null);
  }

  /**
   * Views whose gradients are added to {@code gradients} by every backward pass, and of which
   * linear layers multiply in this precision.
   */
  public static Weights forTraining(
      ModelConfig config, Parameters values, Parameters gradients, Precision precision) {
    return new Weights(config, values, precision, gradients);
  }

  private Linear head(Tensor view) {
    boolean copied = gradients == null && precision != Precision.FLOAT32;
    Tensor rows = Tensors.keep(copied ? view.toType(precision.type()) : view);
    owned.add(rows);
    return new Linear(rows, precision);
  }

  /** What linear layers multiply in. */
  public Precision precision() {
    return precision;
  }

  /** The head's matrix, [vocabulary, width], outside of any graph. */
  public Tensor head() {
    return head.weight();
  }

  /**
   * What the head says of hidden states.
   *
   * @param hidden [tokens, width]
   * @return [tokens, vocabulary] in float32
   */
  public Tensor logits(Tensor hidden) {
    // For a single row a product of matrices would first copy the whole head into another order.
    return hidden.size(0) == 1 && precision == Precision.FLOAT32
        ? torch.mv(head(), hidden.view(-1)).unsqueeze(0)
        : head.of(hidden);
  }

  List<Block> blocks() {
    return blocks;
  }

  Tensor embedding() {
    return embedding;
  }

  Tensor norm() {
    return norm;
  }

  private FeedForward feedForward(ModelConfig config, int layer) {
    Experts experts = config.experts();
    if (experts == null) {
      return swiGlu(config, part -> ParameterLayout.feedForward(layer, part));
    }
    List<Dense> all = new ArrayList<>();
    for (int i = 0; i < experts.count(); i++) {
      int expert = i;
      all.add(swiGlu(config, part -> ParameterLayout.expert(layer, expert, part)));
    }
    Tensor router = leaf(ParameterLayout.router(layer), experts.count(), config.width());
    return new Sparse(router, all, experts.perToken());
  }

  private Dense swiGlu(ModelConfig config, UnaryOperator<String> name) {
    long d = config.width();
    long inner = config.feedForward();
    return new Dense(
        matrix(name.apply("gate_proj"), 2 * inner, d), matrix(name.apply("down_proj"), d, inner));
  }

  /** The matrix of a linear layer; a graph casts it itself, so that its gradient is float32. */
  private Linear matrix(String first, long... shape) {
    if (gradients != null || precision == Precision.FLOAT32) {
      return new Linear(leaf(first, shape), precision);
    }
    Tensor copy = Tensors.keep(values.view(first, shape).toType(precision.type()));
    owned.add(copy);
    return new Linear(copy, precision);
  }

  private Tensor leaf(String first, long... shape) {
    Tensor leaf = Tensors.keep(values.view(first, shape).detach());
    owned.add(leaf);
    if (gradients != null) {
      leaf.set_requires_grad(true);
      leaf.mutable_grad().put(gradients.view(first, shape));
    }
    return leaf;
  }

  @Override
  public void close() {
    owned.forEach(Tensor::close);
  }
}
