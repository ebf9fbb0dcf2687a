package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import java.io.IOException;

/** Runs whatever stage a spec asks for. */
public final class Stages {
  private Stages() {}

  /** Runs the stage; throws {@link StageFailure} when it cannot go on. */
  public static StageResult run(StageSpec spec, StageEvents events) throws IOException {
    prepare(spec, events);
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

  /** Lets signs of life be given before the stage has started. */
  static void prepare(StageSpec spec, StageEvents events) throws IOException {
    int steps = spec.settings().has("steps") ? spec.settings().integer("steps", 1) : 1;
    StageSpec.Resume resume = spec.resume();
    long tokens =
        resume == null
            ? 0
            : new CheckpointFolder(resume.checkpoint()).state().path("tokens").asLong();
    events.prepares(TrainingLoop.firstStep(spec), steps, tokens);
  }
}
