package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import java.util.List;

/** A stage whose numbers are no numbers any more. */
public final class LostFooting {
  private LostFooting() {}

  /**
   * The failure that ends the stage.
   *
   * @param seen which number is none, in words
   * @param rate the stage's highest learning rate
   * @param read by the step that it was seen at
   * @param details {@link StepBatch#lines}, of several ranks from one only
   */
  public static StageFailure failure(
      String stage, String seen, double rate, StepBatch read, List<String> details) {
    return new StageFailure(
        FailureClass.RECIPE,
        "Stage %s lost its footing: %s; lower learningRate (now %s), or look at what the step read: %s"
            .formatted(stage, seen, rate, read.words()),
        details);
  }

  /** The same where nobody knows what the step read. */
  public static StageFailure failure(String stage, String seen, double rate) {
    return new StageFailure(
        FailureClass.RECIPE,
        "Stage %s lost its footing: %s; lower learningRate (now %s)".formatted(stage, seen, rate));
  }
}
