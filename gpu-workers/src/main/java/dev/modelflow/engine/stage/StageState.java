package dev.modelflow.engine.stage;

import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.data.Seen;
import dev.modelflow.engine.data.SeenJson;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a training stage's checkpoint notes beside its weights, whoever trains. */
public final class StageState {
  /** The key of what the stage was computed in up to the checkpoint. */
  public static final String PRECISION = "precision";

  private StageState() {}

  /**
   * The notes after a step.
   *
   * @param tokens that the stage learnt up to then
   * @param learningRate of that step
   * @param seen what this attempt's steps have seen, with those that it passed over
   */
  public static ObjectNode of(
      StageSpec spec, int step, long tokens, double learningRate, List<Seen> seen)
      throws IOException {
    ObjectNode state = JsonMapper.shared().createObjectNode();
    state.put("kind", spec.kind().word());
    state.put("step", step);
    state.put("tokens", tokens);
    state.put("learningRate", learningRate);
    state.put("seed", spec.seed());
    state.put(PRECISION, spec.settings().precision().word());
    List<Seen> all = Seen.joined(seenBefore(spec), TrainingLoop.firstStep(spec), seen);
    state.set(SeenJson.KEY, SeenJson.write(all));
    return state;
  }

  /**
   * Refuses a stage whose learning rate is no schedule.
   *
   * @throws StageFailure naming the key
   */
  public static void requireSchedule(StageSpec spec) {
    Schedules.of(spec.settings());
  }

  /**
   * Warns where a stage goes on in another precision than the checkpoint that it resumes from was
   * computed in, as {@code auto} has it on another kind of device.
   */
  public static void warnOfPrecision(StageSpec spec, StageEvents events) throws IOException {
    if (spec.resume() != null) {
      String now = spec.settings().precision().word();
      ObjectNode state = new CheckpointFolder(spec.resume().checkpoint()).state();
      String before = state.path(PRECISION).asString(now);
      if (!before.equals(now)) {
        events.log(
            "warning",
            "Goes on in %s after step %d, up to which it was trained in %s: results differ by rounding from those of one precision"
                .formatted(now, spec.resume().step(), before));
      }
    }
  }

  /** The learning rate of a step of a stage whose parameters name one. */
  public static double learningRate(StageSpec spec, int step) {
    return Schedules.of(spec.settings()).at(step);
  }

  /** What the checkpoint that the stage resumes from has seen; a branch may change the data. */
  private static List<Seen> seenBefore(StageSpec spec) throws IOException {
    return spec.resume() == null
        ? List.of()
        : SeenJson.read(
            new CheckpointFolder(spec.resume().checkpoint()).state().path(SeenJson.KEY));
  }
}
