package dev.modelflow.engine.stage;

import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.checkpoint.InitialWeights;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a training stage begins with, for trainers other than this engine: the weights that the
 * engine would begin with, too.
 *
 * @param model its shape from the first step on
 * @param weights folder with {@code model.safetensors}, and {@code optimizer.safetensors} where
 *     {@code moments}
 * @param tokenizer folder of the {@code tokenizer.json} that goes with the model, and of the files
 *     beside it that an import has taken over, such as its chat template
 * @param moments whether the stage goes on with an optimizer's moments
 * @param optimizerSteps updates that the moments have seen; 0 without them
 * @param step after which the stage goes on; 0 at its beginning
 * @param tokens that the stage learnt up to that step
 */
public record StageStart(
    ModelConfig model,
    Path weights,
    Path tokenizer,
    boolean moments,
    long optimizerSteps,
    int step,
    long tokens) {
  /**
   * Where the stage begins, or where the attempt before left it. From here on signs of life are
   * given, first while the weights of a model that begins from nothing are drawn.
   *
   * @param scratch folder for such weights
   * @throws StageFailure when the checkpoint to resume from is of another stage or step
   */
  public static StageStart of(StageSpec spec, Path scratch, StageEvents events) throws IOException {
    Stages.prepare(spec, events);
    CheckpointFolder start = Session.startOf(spec);
    ModelConfig model = Session.modelOf(spec, start);
    if (start == null) {
      Initialization initialization = Session.initialization(spec.settings());
      new InitialWeights(model, initialization, spec.seed()).write(scratch, spec.threads(), events);
      return new StageStart(model, scratch, spec.input("tokenizer"), false, 0, 0, 0);
    }
    if (spec.resume() != null) {
      Session.assertResume(spec, start, spec.resume().step());
    }
    boolean moments =
        start.hasOptimizer()
            && (spec.resume() != null || Session.KEEP_MOMENTS.contains(spec.kind()));
    return new StageStart(
        model,
        start.path(),
        start.path(),
        moments,
        moments ? start.optimizerSteps() : 0,
        TrainingLoop.firstStep(spec),
        spec.resume() == null ? 0 : start.state().path("tokens").asLong());
  }
}
