package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import java.io.IOException;

/** Runs whatever stage a spec asks for. */
public final class Stages {
  private Stages() {}

  /** Runs the stage; throws {@link StageFailure} when it cannot go on. */
  public static StageResult run(StageSpec spec, StageEvents events) throws IOException {
    return switch (spec.kind()) {
      case IMPORT -> ImportStage.run(spec, events);
      case PRETRAIN, MIDTRAIN, LONG_CONTEXT -> TokenStage.run(spec, events);
      case SFT -> SftStage.run(spec, events);
      case DPO -> DpoStage.run(spec, events);
      case RLVR -> RlvrStage.run(spec, events);
      case MERGE -> MergeStage.run(spec, events);
      case EVALUATE -> EvaluateStage.run(spec, events);
      default ->
          throw new StageFailure(
              FailureClass.PLATFORM, "The trainer cannot run stages of kind " + spec.kind());
    };
  }
}
