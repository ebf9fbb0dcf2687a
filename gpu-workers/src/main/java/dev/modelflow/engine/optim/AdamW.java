package dev.modelflow.engine.optim;

import dev.modelflow.engine.kernel.AdamKernel;
import dev.modelflow.engine.kernel.AdamUpdate;
import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.ranks.Ranks;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Range;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * AdamW with decoupled weight decay (Loshchilov and Hutter, 2019) over a flat buffer: all weights
 * decay but the embeddings. Of several ranks each has the moments of its own range and updates the
 * weights there.
 */
public final class AdamW implements AutoCloseable {
  /**
   * What stays fixed over a stage.
   *
   * @param beta1 memory of the first moment
   * @param beta2 memory of the second moment
   * @param epsilon added to the second moment's root
   * @param weightDecay share of a weight that a rate of 1 would remove
   */
  public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {}

  private final Settings settings;
  private final Parameters weights;
  private final Ranks ranks;
  private final Parameters first;
  private final Parameters second;
  private long steps;

  /** An optimizer of {@code weights} without history. */
  public AdamW(Settings settings, Parameters weights) {
    this(settings, weights, Ranks.alone());
  }

  /** This rank's part of an optimizer of {@code weights} without history. */
  public AdamW(Settings settings, Parameters weights, Ranks ranks) {
    this.settings = settings;
    this.weights = weights;
    this.ranks = ranks;
    Range own = ranks.owned(weights.layout().size());
    first = new Parameters(weights.layout(), own);
    second = new Parameters(weights.layout(), own);
  }

  /** The processes that share it. */
  public Ranks ranks() {
    return ranks;
  }

  /** The running mean of gradients, in this rank's range. */
  public Parameters first() {
    return first;
  }

  /** The running mean of squared gradients, in this rank's range. */
  public Parameters second() {
    return second;
  }

  /**
   * Copies the moments of all ranks, which call this together.
   *
   * @param whole where to on the leading rank; null on the others
   */
  public void copy(@Nullable Moments whole) {
    ranks.collect(first, whole == null ? null : whole.first());
    ranks.collect(second, whole == null ? null : whole.second());
  }

  /** Updates made so far. */
  public long steps() {
    return steps;
  }

  /** Continues a history of this many updates. */
  public void continueAfter(long updates) {
    steps = updates;
  }

  /** Counts one more update; then every value must be updated once. */
  public void begin() {
    steps++;
  }

  /**
   * Updates the values {@code from} to before {@code to} of this rank's range; parts of it may be
   * updated side by side, and are soonest done in {@link
   * dev.modelflow.engine.tensor.Device#pieces}.
   *
   * @param gradients of all weights; of no use afterwards
   * @param scale what gradients are multiplied by (clipping)
   */
  public void update(Tensor gradients, double scale, double rate, long from, long to) {
    long decayed = weights.layout().decayed();
    for (long start = from; start < to; ) {
      boolean decays = start < decayed;
      long end = decays ? Math.min(decayed, to) : to;
      try (PointerScope _ = new PointerScope()) {
        update(gradients, scale, rate, new Range(start, end), decays);
      }
      start = end;
    }
  }

  private void update(Tensor gradients, double scale, double rate, Range range, boolean decays) {
    double decay = decays ? rate * settings.weightDecay() : 0;
    AdamUpdate update =
        new AdamUpdate(
            scale,
            settings.beta1(),
            settings.beta2(),
            1 / Math.sqrt(1 - StrictMath.pow(settings.beta2(), (double) steps)),
            settings.epsilon(),
            1 - decay,
            rate / (1 - StrictMath.pow(settings.beta1(), (double) steps)));
    Tensor gradient = gradients.narrow(0, range.from(), range.size());
    Tensor mean = first.view(range);
    Tensor square = second.view(range);
    Tensor weight = weights.view(range);
    if (weight.is_cpu()) {
      AdamKernel.update(row(weight), row(gradient), row(mean), row(square), update);
    } else {
      update(weight, gradient, mean, square, update);
    }
  }

  private static Matrix row(Tensor values) {
    return Matrix.of(values, 1, Math.toIntExact(values.numel()), Precision.FLOAT32);
  }

  /** What the kernel does on processors, where the values lie elsewhere. */
  private static void update(
      Tensor weight, Tensor gradient, Tensor mean, Tensor square, AdamUpdate update) {
    if (update.scale() != 1) {
      gradient.mul_(new Scalar(update.scale()));
    }
    mean.lerp_(gradient, new Scalar(1 - update.meanKept()));
    square.mul_(new Scalar(update.squareKept()));
    square.addcmul_(gradient, gradient, new Scalar(1 - update.squareKept()));
    Tensor root = square.sqrt().mul_(new Scalar(update.rootFactor()));
    root.add_(new Scalar(update.epsilon()));
    if (update.weightKept() != 1) {
      weight.mul_(new Scalar(update.weightKept()));
    }
    weight.addcdiv_(mean, root, new Scalar(-update.step()));
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
