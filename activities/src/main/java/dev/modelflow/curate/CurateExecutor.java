package dev.modelflow.curate;

import dev.modelflow.domain.StageKind;
import dev.modelflow.ledger.Events;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.worker.CodeVersion;
import dev.modelflow.worker.StageContext;
import dev.modelflow.worker.StageExecutor;
import dev.modelflow.worker.StageOutput;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Does the stage {@code curate}. */
public final class CurateExecutor implements StageExecutor {
  private static final Set<StageKind> KINDS = Set.of(StageKind.CURATE);

  @Override
  public Set<StageKind> kinds() {
    return KINDS;
  }

  @Override
  public String codeVersion(StageKind kind) {
    return CodeVersion.of(List.of(), CurateExecutor.class, Tokenizer.class);
  }

  @Override
  public Map<String, StageOutput> execute(StageContext context) {
    return CurateStage.run(
        context.parameters(),
        context.inputs(),
        context.workFolder(),
        line -> {
          context.throwIfStopped();
          context.event(Events.Level.INFO, line);
        });
  }
}
