package dev.modelflow.cli.bench.fill;

import dev.modelflow.domain.StageInput;
import java.util.List;
import java.util.Map;

/**
 * What a stage of the filled ledger made.
 *
 * @param stage its row
 * @param outputs name → artifact
 * @param checkpoints in order of steps, the last one being an output too
 */
record Made(long stage, Map<String, String> outputs, List<Point> checkpoints) {
  /** The artifact that an input names. */
  String artifact(StageInput input) {
    Long step = input.step();
    if (step == null) {
      String output = outputs.get(input.output());
      if (output == null) {
        throw new IllegalStateException(
            "Stage '%s' was given no output '%s'".formatted(input.stage(), input.output()));
      }
      return output;
    }
    return checkpoints.stream()
        .filter(point -> point.step() == step)
        .findFirst()
        .orElse(checkpoints.getFirst())
        .artifact();
  }

  /** A checkpoint and the attempt that wrote it. */
  record Point(long step, String artifact, long attempt) {}
}
