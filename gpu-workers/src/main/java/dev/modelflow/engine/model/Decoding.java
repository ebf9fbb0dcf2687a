package dev.modelflow.engine.model;

import dev.modelflow.engine.kernel.CachedHeads;
import dev.modelflow.engine.kernel.DecodeKernel;
import dev.modelflow.engine.kernel.GateKernel;
import dev.modelflow.engine.kernel.LinearKernel;
import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.NormKernel;
import dev.modelflow.engine.kernel.QueryKeyKernel;
import dev.modelflow.engine.kernel.Rows;
import dev.modelflow.engine.kernel.Turns;
import dev.modelflow.engine.tensor.Precision;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a model without experts on the processor, what {@link Decoder#next} says without a
 * graph: a step of a few rows is so little work that most of a graph's time goes into its calls. A
 * row's result hangs on no other row. One thread at a time; its memory belongs to the scope that it
 * was made in.
 */
public final class Decoding {
  private final ModelConfig model;
  private final DecodeWeights weights;
  private final LinearKernel linear = new LinearKernel();
  private final NormKernel norm;
  private final QueryKeyKernel queryKey;
  private final DecodeKernel attention;
  private final GateKernel gate;
  private final Room room;
  private final List<Angles> angles = new ArrayList<>();

  /** By how much a layer rotates at every position. */
  private record Angles(Matrix cosines, Matrix sines) {
    static Angles of(Decoder decoder, int layer) {
      int positions = decoder.positions();
      int size = decoder.config().headSize();
      return new Angles(
          Matrix.of(decoder.cosines(layer), positions, size, Precision.FLOAT32),
          Matrix.of(decoder.sines(layer), positions, size, Precision.FLOAT32));
    }

    Turns at(int[] positions) {
      return new Turns(cosines, sines, positions);
    }
  }

  /** Room for the rows of a step, so that none has to be made in each. */
  private record Room(
      Matrix stream,
      Matrix input,
      Matrix projected,
      Matrix query,
      Matrix key,
      Matrix value,
      Matrix mixed,
      Matrix joined,
      Matrix said,
      Matrix gateUp,
      Matrix gated,
      Matrix logits) {
    static Room of(ModelConfig model, int rows, Precision precision) {
      int d = model.width();
      int queries = model.queryWidth();
      int keys = model.keyValueWidth();
      int inner = model.feedForward();
      return new Room(
          Matrix.empty(rows, d, Precision.FLOAT32),
          Matrix.empty(rows, d, precision),
          Matrix.empty(rows, queries + 2 * keys, precision),
          Matrix.empty(rows, queries, Precision.FLOAT32),
          Matrix.empty(rows, keys, Precision.FLOAT32),
          Matrix.empty(rows, keys, Precision.FLOAT32),
          Matrix.empty(rows, queries, Precision.FLOAT32),
          Matrix.empty(rows, queries, precision),
          Matrix.empty(rows, d, precision),
          Matrix.empty(rows, 2 * inner, precision),
          Matrix.empty(rows, inner, precision),
          Matrix.empty(rows, model.vocabulary(), precision));
    }

    Room first(int rows) {
      return new Room(
          stream.first(rows),
          input.first(rows),
          projected.first(rows),
          query.first(rows),
          key.first(rows),
          value.first(rows),
          mixed.first(rows),
          joined.first(rows),
          said.first(rows),
          gateUp.first(rows),
          gated.first(rows),
          logits.first(rows));
    }
  }

  /**
   * Steps under these weights.
   *
   * @param most rows of a step
   */
  public Decoding(Decoder decoder, DecodeWeights weights, int most) {
    model = decoder.config();
    this.weights = weights;
    norm = new NormKernel(model.width(), ModelConfig.EPSILON);
    queryKey =
        new QueryKeyKernel(
            model.queryWidth(), model.keyValueWidth(), model.headSize(), ModelConfig.EPSILON);
    attention = new DecodeKernel(model.heads(), model.keyValueHeads(), model.headSize());
    gate = new GateKernel(model.feedForward());
    room = Room.of(model, most, weights.precision());
    for (int layer = 0; layer < model.layers(); layer++) {
      angles.add(Angles.of(decoder, layer));
    }
  }

  /**
   * What the model says after one more token for each row of the cache, which learns them.
   *
   * @param tokens one for each row
   * @param cache one for kernels
   * @return logits, [rows, vocabulary], until the next step
   */
  public Matrix logits(int[] tokens, KeyValueCache cache) {
    cache.makeRoom();
    Room step = room.first(tokens.length);
    int[] lengths = cache.lengths();
    Rows.gather(weights.embedding(), tokens, step.stream());
    for (int layer = 0; layer < model.layers(); layer++) {
      DecodeWeights.Block block = weights.blocks().get(layer);
      attend(block, step, angles.get(layer).at(lengths), cache.memory(layer), lengths);
      feedForward(block, step);
    }
    norm.forward(step.stream(), weights.norm(), step.said());
    linear.forward(step.said(), weights.head(), step.logits());
    cache.advance();
    return step.logits();
  }

  private void attend(
      DecodeWeights.Block block, Room step, Turns turns, CachedHeads cache, int[] lengths) {
    linear.forward(in(step.stream(), step.input()), block.queryKeyValue(), step.projected());
    queryKey.forward(
        step.projected(), block.queryKeyNorm(), turns, step.query(), step.key(), step.value());
    int[] at = new int[lengths.length];
    int[] seen = new int[lengths.length];
    for (int row = 0; row < lengths.length; row++) {
      // A window's places are written round and round.
      at[row] = lengths[row] % cache.places();
      seen[row] = Math.min(lengths[row] + 1, cache.places());
    }
    attention.forward(step.query(), step.key(), step.value(), cache, at, seen, step.mixed());
    linear.forward(in(step.mixed(), step.joined()), block.output(), step.said());
    norm.add(step.said(), block.attentionNorm(), step.stream());
  }

  private void feedForward(DecodeWeights.Block block, Room step) {
    linear.forward(in(step.stream(), step.input()), block.gateUp(), step.gateUp());
    gate.forward(step.gateUp(), step.gated());
    linear.forward(step.gated(), block.down(), step.said());
    norm.add(step.said(), block.feedForwardNorm(), step.stream());
  }

  /** The same values in the precision that linear layers multiply in. */
  private static Matrix in(Matrix matrix, Matrix room) {
    if (matrix.precision() == room.precision()) {
      return matrix;
    }
    Rows.copy(matrix, room);
    return room;
  }
}
