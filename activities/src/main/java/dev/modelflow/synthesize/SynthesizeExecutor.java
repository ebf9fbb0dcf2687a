package dev.modelflow.synthesize;

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

/** Does the stage {@code synthesize}. */
public final class SynthesizeExecutor implements StageExecutor {
  private static final Set<StageKind> KINDS = Set.of(StageKind.SYNTHESIZE);

  @Override
  public Set<StageKind> kinds() {
    return KINDS;
  }

  @Override
  public String codeVersion(StageKind kind) {
    return CodeVersion.of(List.of(), SynthesizeExecutor.class, Tokenizer.class);
  }

  @Override
  public Map<String, StageOutput> execute(StageContext context) {
    return SynthesizeStage.run(
        context.parameters(),
        context.seed(),
        context.workFolder(),
        line -> context.event(Events.Level.INFO, line));
  }
}
