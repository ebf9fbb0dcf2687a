package dev.modelflow.engine.stage;

import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.InstanceFilter;
import dev.modelflow.engine.data.InstanceFilter.Filtered;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Seen;
import dev.modelflow.engine.learn.Learner;
import dev.modelflow.engine.learn.MicroBatch;
import dev.modelflow.engine.learn.NextToken;
import dev.modelflow.engine.learn.StepLoss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Steps of next-token training over an order of rows. */
final class NextTokenSteps implements StepMaker {
  private final Session session;
  private final DataOrder order;
  private final double zLoss;
  private final @Nullable InstanceFilter filter;

  NextTokenSteps(Session session, DataOrder order) {
    Settings settings = session.spec().settings();
    this.session = session;
    this.order = order;
    zLoss = settings.number("zLoss", 0);
    filter = settings.has("instanceFilter") ? filter(settings.block("instanceFilter")) : null;
  }

  private static @Nullable InstanceFilter filter(Settings settings) {
    int times = settings.integer("times", 0);
    return times == 0
        ? null
        : new InstanceFilter(
            settings.integer("shortest", 1), settings.integer("longest", 1), times);
  }

  @Override
  public void skip(int steps) {
    for (int step = 0; step < steps; step++) {
      order.skip(1);
      session.lanes().goesOn();
    }
  }

  @Override
  public List<Seen> seen() {
    return List.of(order.seen());
  }

  @Override
  public StepBatch latest() {
    return StepBatch.of(order);
  }

  /** Filtered rows are not learnt from, but their targets count in the means, as in OLMo-core. */
  @Override
  public Report make(int step, double rate) {
    PackedRows read = order.next();
    Filtered kept = filter == null ? new Filtered(read, 0) : filter.apply(read);
    StepLoss loss = new StepLoss();
    int tokens = NextToken.tokensEach(read, session.microBatchTokens(), session.workers());
    List<MicroBatch> batches =
        NextToken.split(kept.rows(), read.targetCount(), tokens, zLoss, loss);
    Learner.Step made = session.step(batches, rate, loss::crossEntropy);

    double[] losses = session.ranks().sum(loss.crossEntropy(), loss.z());
    Map<String, Double> values = new LinkedHashMap<>(session.expertLoad().values());
    values.put("loss", losses[0]);
    values.put(GuardState.GRADIENT_NORM, made.gradientNorm());
    if (zLoss > 0) {
      values.put("zLoss", losses[1]);
    }
    Map<String, Long> counts = new LinkedHashMap<>(session.guard().count(made.taken()));
    if (filter != null) {
      counts.put("filteredRows", (long) kept.filtered());
    }
    return new Report(read.used(), values, counts);
  }
}
