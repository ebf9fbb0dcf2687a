package dev.modelflow.engine.stage;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.checkpoint.CheckpointMean;
import dev.modelflow.engine.checkpoint.CheckpointMean.Ingredient;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageResult.Output;
import dev.modelflow.engine.stage.StageResult.Stopped;
import dev.modelflow.engine.tensor.PieceReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes the mean of checkpoints of one model, Olmo 3's "souping". Moments have no mean that would
 * fit the new weights, so the result has none, and what goes on from it begins with new ones.
 */
final class MergeStage {
  private static final String ROLE = "checkpoint.";
  private static final int STEP = 1;

  private final StageSpec spec;
  private final StageEvents events;

  private MergeStage(StageSpec spec, StageEvents events) {
    this.spec = spec;
    this.events = events;
  }

  static StageResult run(StageSpec spec, StageEvents events) throws IOException {
    // An attempt before may have ended between its checkpoint and its end: the work is done anew.
    events.started(TrainingLoop.firstStep(spec), STEP);
    try {
      return new MergeStage(spec, events).run();
    } catch (StopRequested stop) {
      return new Stopped(0);
    }
  }

  private StageResult run() throws IOException {
    CheckpointFolder target = new CheckpointFolder(spec.output().resolve("checkpoint"), events);
    try (CheckpointMean mean = CheckpointMean.open(ingredients())) {
      CheckpointFolder first = new CheckpointFolder(spec.input(ROLE + 1));
      Vocabulary.requireFits(first.path(), mean.model());
      target.write(mean.model(), stoppable(mean), first.tokenizer(), state());
    }
    events.progress(STEP, STEP, 0, 0);
    events.checkpoint(STEP, 0, target.path());
    Map<String, Object> properties = Map.of("step", STEP, "tokens", 0);
    return new Done(
        Map.of("checkpoint", new Output(ArtifactKind.CHECKPOINT, target.path(), properties)));
  }

  private List<Ingredient> ingredients() throws IOException {
    List<Double> weights = spec.settings().numbers("weights");
    List<Ingredient> ingredients = new ArrayList<>();
    for (int i = 1; i <= weights.size(); i++) {
      CheckpointFolder folder = new CheckpointFolder(spec.input(ROLE + i), events);
      ObjectNode state = folder.state();
      String name =
          "%s%d (%s after step %s)"
              .formatted(ROLE, i, state.path("kind").asString("?"), state.path("step"));
      ingredients.add(new Ingredient(name, folder, weights.get(i - 1)));
    }
    if (ingredients.isEmpty() || spec.inputs().containsKey(ROLE + (weights.size() + 1))) {
      throw spec.settings().wrong("weights", weights, "one weight for each checkpoint");
    }
    return ingredients;
  }

  /** A stop is heard before each piece. */
  private PieceReader stoppable(PieceReader weights) {
    return (tensor, piece, into) -> {
      if (events.stopRequested()) {
        throw new StopRequested();
      }
      weights.read(tensor, piece, into);
    };
  }

  /**
   * Nothing that the mean does not hang on: neither the stage's seed nor the order of its inputs.
   */
  private ObjectNode state() {
    ObjectNode state = JsonMapper.shared().createObjectNode();
    state.put("kind", spec.kind().word());
    state.put("step", STEP);
    state.put("tokens", 0);
    state.put("optimizerSteps", 0);
    return state;
  }

  private static final class StopRequested extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
