package dev.modelflow.engine.dense;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.Rows;
import dev.modelflow.engine.kernel.Sight;
import dev.modelflow.engine.kernel.Turns;
import dev.modelflow.engine.kernel.Workspace;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Range;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * Takes packed rows forward and backward through a model without experts, one micro-batch after the
 * other. One thread at a time; close it when there are no more.
 */
public final class DensePass implements AutoCloseable {
  private final Decoder decoder;
  private final ModelConfig model;
  private final WorkingWeights working;
  private final Parameters gradient;
  private final boolean recomputing;
  private final Kernels kernels;

  /** Of what lasts from the way forward to the way back, and of the head. */
  private final Workspace lasting = new Workspace();

  /** Of what lasts no longer than a block. */
  private final Workspace passing = new Workspace();

  private boolean fresh;

  /**
   * A pass under these weights.
   *
   * @param gradient to which every backward pass between {@link #begin} and {@link #end} adds
   * @param recomputing whether blocks are computed again on the way back instead of kept, which
   *     takes a third more time and spares most of the memory
   */
  public DensePass(
      Decoder decoder, WorkingWeights working, Parameters gradient, boolean recomputing) {
    this.decoder = decoder;
    this.model = decoder.config();
    this.working = working;
    this.gradient = gradient;
    this.recomputing = recomputing;
    kernels = Kernels.of(model, working.precision());
  }

  /** Whether models of this shape can go this way, with weights where these are. */
  public static boolean fits(ModelConfig model, Parameters weights) {
    return model.experts() == null && weights.flat().is_cpu();
  }

  /** Begins a sum: whatever the gradient holds will be gone by {@link #end}. */
  public void begin() {
    fresh = true;
    try (PointerScope _ = new PointerScope()) {
      gradient.view(single()).zero_();
    }
  }

  /** Ends it: the gradient holds what all backward passes since {@link #begin} add up to. */
  public void end() {
    if (fresh) {
      gradient.flat().zero_();
      fresh = false;
    }
  }

  /** Norms, and the embeddings, whose slopes are added one by one. */
  private Range single() {
    ParameterLayout layout = gradient.layout();
    return new Range(layout.multiplied(), layout.size());
  }

  /** Frees the memory that passes keep for the next. */
  @Override
  public void close() {
    lasting.close();
    passing.close();
    kernels.close();
  }

  /** Some rows on their way, until the next; it belongs to the scope it was made in. */
  public final class Way {
    private final PackedRows rows;
    private final Matrix embedding;
    private final Matrix onEmbedding;
    private final List<DenseBlock> blocks = new ArrayList<>();
    private final Sight full;
    private final Sight sliding;
    private final List<BlockMemory> memories = new ArrayList<>();
    private final DenseHead head;

    private Way(PackedRows rows, double temperature, @Nullable KnownSlopes known) {
      this.rows = rows;
      lasting.giveBack();
      passing.giveBack();
      int d = model.width();
      embedding = floats(working.weights(), ParameterLayout.EMBEDDING, model.vocabulary());
      onEmbedding = floats(gradient, ParameterLayout.EMBEDDING, model.vocabulary());
      full = Sight.of(rows.positions(), rows.length(), 0);
      sliding = Sight.of(rows.positions(), rows.length(), model.slidingWindow());
      Matrix stream = lasting.take(rows.tokens().length, d, Precision.FLOAT32);
      Rows.gather(embedding, rows.tokens(), stream);
      for (int layer = 0; layer < model.layers(); layer++) {
        blocks.add(new DenseBlock(model, layer, kernels, working, gradient, fresh));
        memories.add(forward(layer, stream));
        decoder.goesOn();
      }
      String headName = working.weights().layout().head().name();
      head =
          new DenseHead(
              kernels,
              NormWeight.of(working.weights(), gradient, "model.norm.weight", d),
              Linear.of(
                  kernels.products(),
                  working,
                  gradient,
                  fresh && !model.tied(),
                  headName,
                  model.vocabulary(),
                  d),
              stream,
              rows,
              temperature,
              known,
              lasting);
    }

    /** The log-probabilities of the rows' targets, in the order of positions. */
    public float[] logProbs() {
      return head.logProbs();
    }

    /** The sum over the targets of their softmax's squared log-denominators. */
    public double squaredLogDenominators() {
      return head.squaredLogDenominators();
    }

    /**
     * Goes back, once, and adds to the gradient.
     *
     * @param onTarget d loss / d logProb, as known before where it was
     * @param zWeight of the squared log-denominators in the loss
     */
    public void backward(float[] onTarget, double zWeight) {
      Matrix slope = head.backward(onTarget, zWeight, lasting);
      decoder.goesOn();
      for (int layer = model.layers() - 1; layer >= 0; layer--) {
        try (PointerScope _ = new PointerScope()) {
          DenseBlock.Kept kept =
              switch (memories.get(layer)) {
                case Whole whole -> whole.kept();
                case Start start -> again(layer, start.stream(), passing);
              };
          blocks.get(layer).backward(kept, slope, sight(layer), turns(layer), passing);
        }
        passing.giveBack();
        decoder.goesOn();
      }
      Rows.scatter(slope, rows.tokens(), onEmbedding);
      fresh = false;
    }

    private BlockMemory forward(int layer, Matrix stream) {
      if (!recomputing) {
        return new Whole(again(layer, stream, lasting));
      }
      Matrix start = lasting.take(stream.rows(), stream.columns(), Precision.FLOAT32);
      Rows.copy(stream, start);
      try (PointerScope _ = new PointerScope()) {
        again(layer, stream, passing);
      }
      passing.giveBack();
      return new Start(start);
    }

    private DenseBlock.Kept again(int layer, Matrix stream, Workspace space) {
      return blocks.get(layer).forward(stream, sight(layer), turns(layer), space);
    }

    private Sight sight(int layer) {
      return model.isFull(layer) ? full : sliding;
    }

    private Turns turns(int layer) {
      int positions = decoder.positions();
      int size = model.headSize();
      return new Turns(
          Matrix.of(decoder.cosines(layer), positions, size, Precision.FLOAT32),
          Matrix.of(decoder.sines(layer), positions, size, Precision.FLOAT32),
          rows.positions());
    }

    private Matrix floats(Parameters parameters, String name, int rowCount) {
      int columns = model.width();
      return Matrix.of(
          parameters.view(name, rowCount, columns), rowCount, columns, Precision.FLOAT32);
    }
  }

  /** What is remembered of a block until the way back. */
  private sealed interface BlockMemory {}

  /** All that its slopes are made of. */
  private record Whole(DenseBlock.Kept kept) implements BlockMemory {}

  /** The stream before it, from which all is made again. */
  private record Start(Matrix stream) implements BlockMemory {}

  /**
   * Computes the log-probabilities of the rows' targets, in the caller's scope.
   *
   * @param temperature that logits are divided by
   * @param known the loss's slopes, where they hang on no log-probability
   */
  public Way forward(PackedRows rows, double temperature, @Nullable KnownSlopes known) {
    return new Way(rows, temperature, known);
  }
}
