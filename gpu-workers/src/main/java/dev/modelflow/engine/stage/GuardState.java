package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a guard that skips steps remembers, as checkpoints keep it, whoever trains.
 *
 * @param losses of the last steps, oldest first
 * @param gradientNorms of the same steps
 * @param skipped steps left out so far
 */
public record GuardState(List<Double> losses, List<Double> gradientNorms, long skipped) {
  /** The key of the guard, both of a stage and of a checkpoint's notes. */
  public static final String KEY = "skipStep";

  /** The curve that counts the steps that a guard left out. */
  public static final String SKIPPED_STEPS = "skippedSteps";

  /** The curve of what a guard looks at beside the loss. */
  public static final String GRADIENT_NORM = "gradientNorm";

  /** What a guard remembers at a stage's beginning. */
  public static final GuardState NOTHING = new GuardState(List.of(), List.of(), 0);

  /** Copies what it is given. */
  public GuardState {
    losses = List.copyOf(losses);
    gradientNorms = List.copyOf(gradientNorms);
  }

  /** What the attempt before left; nothing where there was none, or none that guarded. */
  public static GuardState before(StageSpec spec) throws IOException {
    return spec.resume() == null
        ? NOTHING
        : of(new CheckpointFolder(spec.resume().checkpoint()).state().path(KEY));
  }

  /**
   * Reads what {@link #addTo} wrote; nothing where it is missing.
   *
   * @throws StageFailure naming what is no number, or that the numbers are not of the same steps
   */
  public static GuardState of(JsonNode tree) {
    List<Double> losses = doubles(tree, "losses");
    List<Double> norms = doubles(tree, "gradientNorms");
    if (losses.size() != norms.size()) {
      throw new StageFailure(
          FailureClass.DATA,
          "%s has %d losses and %d gradientNorms in %s, which must be of the same steps; use another checkpoint"
              .formatted(CheckpointFolder.STATE, losses.size(), norms.size(), KEY));
    }
    return new GuardState(losses, norms, tree.path("skipped").asLong(0));
  }

  /** Adds it to a checkpoint's notes. */
  public void addTo(ObjectNode state) {
    ObjectNode own = state.putObject(KEY);
    ArrayNode all = own.putArray("losses");
    losses.forEach(loss -> JsonNumbers.add(loss, all));
    ArrayNode norms = own.putArray("gradientNorms");
    gradientNorms.forEach(norm -> JsonNumbers.add(norm, norms));
    own.put("skipped", skipped);
  }

  /**
   * Whether one may go on after a number that is not finite: an infinite gradient norm of a step
   * that was left out has done no harm.
   */
  public static boolean bears(String number, double value, boolean skipped) {
    return skipped && number.equals(GRADIENT_NORM) && Double.isInfinite(value);
  }

  /** Warns of a step that is left out. */
  public static void warn(StageEvents events, int step, double loss, double gradientNorm) {
    String why =
        Double.isInfinite(gradientNorm)
            ? "its gradient norm is infinite, with a loss of %.4g".formatted(loss)
            : "its loss %.4g or gradient norm %.4g lies far above those before"
                .formatted(loss, gradientNorm);
    events.log("warning", "Step %d is skipped: %s".formatted(step, why));
  }

  private static List<Double> doubles(JsonNode tree, String key) {
    List<Double> values = new ArrayList<>();
    for (JsonNode value : tree.path(key)) {
      Double number = JsonNumbers.of(value);
      if (number == null) {
        throw new StageFailure(
            FailureClass.DATA,
            "%s has %s in %s.%s: %s; use another checkpoint"
                .formatted(CheckpointFolder.STATE, value, KEY, key, JsonNumbers.EXPECTED));
      }
      values.add(number);
    }
    return values;
  }
}
