package dev.modelflow.engine.learn;

import dev.modelflow.engine.dense.WorkingWeights;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.optim.AdamW;
import dev.modelflow.engine.ranks.Ranks;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Makes optimisation steps: each lane of each rank takes every n-th micro-batch forward and
 * backward into a gradient buffer of its own; the buffers are summed in the order of lanes and then
 * of ranks, clipped by their global norm and handed to AdamW, each lane updating a part of its
 * rank's range. Equal work gives equal bits.
 */
public final class Learner implements AutoCloseable {
  private final Decoder decoder;
  private final Parameters parameters;
  private final AdamW optimizer;
  private final Ranks ranks;
  private final Range own;
  private final Lanes lanes;
  private final double clip;
  private final List<Parameters> gradients = new ArrayList<>();
  private final WorkingWeights working;
  private final List<Pass> passes = new ArrayList<>();
  private ExpertLoad expertLoad;
  private boolean upToDate;

  /**
   * A learner of {@code parameters}.
   *
   * @param clip largest global norm of a step's gradient; 0: no clipping
   */
  public Learner(
      Decoder decoder, Parameters parameters, AdamW optimizer, Lanes lanes, double clip) {
    this(decoder, parameters, optimizer, lanes, clip, false);
  }

  /**
   * The same.
   *
   * @param recomputing whether blocks are computed again on the way back instead of kept, which
   *     changes no gradient
   */
  public Learner(
      Decoder decoder,
      Parameters parameters,
      AdamW optimizer,
      Lanes lanes,
      double clip,
      boolean recomputing) {
    this.decoder = decoder;
    this.parameters = parameters;
    this.optimizer = optimizer;
    this.ranks = optimizer.ranks();
    this.own = ranks.owned(parameters.layout().size());
    this.lanes = lanes;
    this.clip = clip;
    expertLoad = new ExpertLoad(decoder.config());
    working = Pass.weights(decoder, parameters);
    for (int lane = 0; lane < lanes.count(); lane++) {
      Parameters gradient = new Parameters(parameters.layout());
      gradients.add(gradient);
      passes.add(Pass.of(decoder, working, gradient, recomputing));
      lanes.goesOn();
    }
  }

  /**
   * How a step went.
   *
   * @param gradientNorm before clipping
   * @param taken whether weights and moments were updated
   */
  public record Step(double gradientNorm, boolean taken) {}

  /**
   * Makes one step.
   *
   * @param batches of the whole step, the same on every rank
   */
  public Step step(List<MicroBatch> batches, double rate) {
    return step(batches, rate, norm -> true);
  }

  /**
   * Makes one step, or leaves weights and moments as they are.
   *
   * @param batches of the whole step, the same on every rank
   * @param consent is asked with the gradient's norm when the losses of this rank's batches are
   *     known; all ranks must answer alike
   */
  public Step step(List<MicroBatch> batches, double rate, DoublePredicate consent) {
    ModelConfig model = decoder.config();
    refreshWorkingWeights();
    List<ExpertLoad> loads = lanes.run(lane -> backward(batches, lane));
    expertLoad = ExpertLoad.sum(model, loads).over(ranks, model);
    double squares = sum(lanes.run(this::sumGradients));
    ranks.reduce(gradient());
    double norm = Math.sqrt(ranks.size() == 1 ? squares : squaredNorm());
    boolean taken = consent.test(norm);
    if (taken) {
      update(norm, rate);
    }
    return new Step(norm, taken);
  }

  /**
   * Goes the first part of the way of {@link #step}, up to the loss's slopes at the targets, and
   * changes nothing: by it one measures which part of a step that is. Objectives hear of their
   * losses.
   *
   * @param batches of the whole step, the same on every rank
   */
  public void forward(List<MicroBatch> batches) {
    refreshWorkingWeights();
    lanes.run(
        lane -> {
          ofLane(batches, lane).forEach(passes.get(lane)::forward);
          return lane;
        });
  }

  private void update(double norm, double rate) {
    double scale = clip > 0 && norm > clip ? clip / norm : 1;
    optimizer.begin();
    lanes.run(
        lane -> {
          for (Range piece : LibTorch.device().pieces(own.part(lane, lanes.count()))) {
            optimizer.update(gradient(), scale, rate, piece.from(), piece.to());
            working.refresh(piece);
            lanes.goesOn();
          }
          return lane;
        });
    ranks.share(parameters.flat());
    // Of several ranks each knows only now what the others have learnt.
    upToDate = ranks.size() == 1;
  }

  /** Copies weights that were given, or that other ranks have updated. */
  private void refreshWorkingWeights() {
    if (!upToDate) {
      lanes.run(
          lane -> {
            working.refresh(Range.of(parameters.layout().size()).part(lane, lanes.count()));
            return lane;
          });
      upToDate = true;
    }
  }

  /** How the latest step's tokens were spread over experts. */
  public ExpertLoad expertLoad() {
    return expertLoad;
  }

  private ExpertLoad backward(List<MicroBatch> batches, int lane) {
    ExpertLoad load = new ExpertLoad(decoder.config());
    Pass pass = passes.get(lane);
    pass.begin();
    for (MicroBatch batch : ofLane(batches, lane)) {
      pass.add(batch, load);
      lanes.goesOn();
    }
    pass.end();
    return load;
  }

  /** Every n-th of a step's micro-batches, of n lanes on all ranks. */
  private List<MicroBatch> ofLane(List<MicroBatch> batches, int lane) {
    List<MicroBatch> own = new ArrayList<>();
    int first = ranks.rank() * lanes.count() + lane;
    for (int i = first; i < batches.size(); i += ranks.size() * lanes.count()) {
      own.add(batches.get(i));
    }
    return own;
  }

  /** Adds all lanes' gradients in one part of the buffer to the first's; returns its square. */
  private double sumGradients(int lane) {
    double squares = 0;
    Range part = Range.of(parameters.layout().size()).part(lane, lanes.count());
    for (Range piece : LibTorch.device().pieces(part)) {
      try (PointerScope _ = new PointerScope()) {
        Tensor sum = gradients.getFirst().view(piece);
        for (Parameters other : gradients.subList(1, gradients.size())) {
          sum.add_(other.view(piece), new Scalar(1));
        }
        squares += sum.dot(sum).item_float();
        lanes.goesOn();
      }
    }
    return squares;
  }

  /** The squared norm of all ranks' gradient, its parts added in the order of the buffer. */
  private double squaredNorm() {
    double[] parts =
        lanes.run(lane -> squaredNorm(own.part(lane, lanes.count()))).stream()
            .mapToDouble(part -> part)
            .toArray();
    return Arrays.stream(ranks.gather(parts)).sum();
  }

  /** The same pieces' squares as {@link #sumGradients} adds up, for the same bits. */
  private double squaredNorm(Range range) {
    double squares = 0;
    for (Range piece : LibTorch.device().pieces(range)) {
      Tensor part = gradients.getFirst().view(piece);
      squares += part.dot(part).item_float();
      lanes.goesOn();
    }
    return squares;
  }

  private static double sum(List<Double> parts) {
    return parts.stream().mapToDouble(part -> part).sum();
  }

  private Tensor gradient() {
    return gradients.getFirst().flat();
  }

  @Override
  public void close() {
    passes.forEach(Pass::close);
    working.close();
    gradients.forEach(Parameters::close);
  }
}
