package dev.modelflow.cli.bench;

import dev.modelflow.calibrate.Beside;
import dev.modelflow.calibrate.Calibration;
import dev.modelflow.calibrate.CalibrationFile;
import dev.modelflow.calibrate.Score;
import dev.modelflow.calibrate.Trial;
import dev.modelflow.calibrate.Tuning;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A calibration for people.
 *
 * @param json as it stands in the file
 * @param machine what was measured
 * @param lines one for each way that was tried
 * @param chosen the way that trainers are started in
 * @param gain its speed over the usual way's, which is 1 where that is the one; empty where that
 *     failed
 * @param oneLane speed of one lane with all threads over that of a lane for each; empty where it
 *     could not be measured
 * @param bfloat16 products in bfloat16 over those in float32; empty where they could not be
 *     measured
 */
public record CalibrationReport(
    JsonNode json,
    String machine,
    List<Line> lines,
    String chosen,
    Optional<Double> gain,
    Optional<Double> oneLane,
    Optional<Double> bfloat16) {
  /** Copies the lines. */
  public CalibrationReport {
    lines = List.copyOf(lines);
  }

  /**
   * One way that was tried.
   *
   * @param way in words
   * @param core kernels that OpenBLAS said it uses; empty where it said nothing
   * @param small tokens a second of the small model; empty when the trial failed
   * @param wide tokens a second of the wide model
   * @param smallInBf16 tokens a second of the small model in bf16; empty also where the processor
   *     has no bf16
   * @param gemm GFLOP/s of float32 products
   * @param failure why it failed; empty when it did not
   */
  public record Line(
      String way,
      String core,
      Optional<Double> small,
      Optional<Double> wide,
      Optional<Double> smallInBf16,
      Optional<Double> gemm,
      Optional<String> failure) {
    private static Line of(Trial trial) {
      Optional<Score> score = Optional.ofNullable(trial.score());
      return new Line(
          trial.tuning().title(),
          trial.core(),
          score.map(Score::small),
          score.map(Score::wide),
          score.map(Score::smallInBf16),
          score.map(Score::gemm),
          Optional.ofNullable(trial.failure()));
    }
  }

  static CalibrationReport of(Calibration calibration, Tuning usual) {
    Score chosen = score(calibration, calibration.chosen()).orElseThrow();
    Optional<Double> gain = score(calibration, usual).map(it -> chosen.speed() / it.speed());
    Optional<Beside> beside = Optional.ofNullable(calibration.beside());
    return new CalibrationReport(
        JsonMapper.shared().readTree(CalibrationFile.json(calibration)),
        calibration.machine().title(),
        calibration.trials().stream().map(Line::of).toList(),
        calibration.chosen().title(),
        gain,
        beside.map(
            it -> Math.sqrt(it.smallInOneLane() * it.wideInOneLane()) / chosen.float32Speed()),
        beside.map(it -> it.bfloat16Gemm() / chosen.gemm()));
  }

  private static Optional<Score> score(Calibration calibration, Tuning tuning) {
    return calibration.trials().stream()
        .filter(trial -> trial.tuning().equals(tuning) && trial.score() != null)
        .map(trial -> Objects.requireNonNull(trial.score()))
        .findFirst();
  }
}
