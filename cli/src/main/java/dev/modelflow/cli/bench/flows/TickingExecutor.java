package dev.modelflow.cli.bench.flows;

import dev.modelflow.domain.StageKind;
import dev.modelflow.ledger.Events;
import dev.modelflow.worker.StageContext;
import dev.modelflow.worker.StageExecutor;
import dev.modelflow.worker.StageOutput;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Says every half second that it is still there, until it is asked to stop. */
final class TickingExecutor implements StageExecutor {
  private static final long PERIOD_MILLIS = 500;

  @Override
  public Set<StageKind> kinds() {
    return Set.of(StageKind.SYNTHESIZE);
  }

  @Override
  public String codeVersion(StageKind kind) {
    return "ticking";
  }

  @Override
  public Map<String, StageOutput> execute(StageContext context) throws InterruptedException {
    for (long tick = 1; ; tick++) {
      context.throwIfStopped();
      context.event(Events.Level.INFO, "tick " + tick);
      context.progress(tick, null, 1000.0);
      context.metrics(tick, Map.of("loss", 1.0 / tick));
      TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
    }
  }
}
