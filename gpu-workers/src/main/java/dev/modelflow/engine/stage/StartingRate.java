package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/**
 * The learning rate of a stage whose recipe names none: the last one of the checkpoint that it
 * begins from, as Olmo 3's microanneals have it.
 */
final class StartingRate {
  private static final String KEY = "learningRate";

  private StartingRate() {}

  /**
   * The stage's settings with a learning rate.
   *
   * @throws StageFailure where the checkpoint has none above 0
   */
  static Settings of(StageSpec spec) throws IOException {
    boolean begins = spec.optionalInput("checkpoint").isEmpty();
    if (begins || spec.settings().has(KEY)) {
      return spec.settings();
    }
    // Not the checkpoint that an attempt resumes from, where the rate has fallen already.
    JsonNode last = new CheckpointFolder(spec.input("checkpoint")).state().path(KEY);
    if (!last.isNumber() || !(last.asDouble() > 0)) {
      String found = last.isNumber() ? "ended at a learning rate of 0" : "has no learning rate";
      throw new StageFailure(
          FailureClass.RECIPE,
          "The checkpoint that stage %s begins from %s, so it cannot go on from that: set %s"
              .formatted(spec.stage(), found, KEY));
    }
    return spec.settings().with(KEY, last.asDouble());
  }
}
