package dev.modelflow.calibrate;

import dev.modelflow.bench.GemmPeak;
import dev.modelflow.engine.tensor.Lanes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process that measures on demand: {@code CalibrationProbe THREADS} says a line when it is ready,
 * then answers each line {@code round} with a {@link Score} and {@code beside} with a {@link
 * Beside}, as JSON. It must be started in the environment that is to be measured, and ends with its
 * standard input.
 */
public final class CalibrationProbe {
  /** What is asked for a score. */
  static final String ROUND = "round";

  /** What is asked for the numbers besides. */
  static final String BESIDE = "beside";

  private static final int STEPS = 2;
  private static final int[] PRODUCTS = {768};
  private static final double OPERATIONS = 1e9;

  private final Lanes lanes;
  private final StepModel small;
  private final StepModel wide;

  private CalibrationProbe(int threads) {
    lanes = new Lanes(threads);
    small = StepModel.small(lanes);
    wide = StepModel.wide(lanes);
  }

  /** Measures until nobody asks. */
  public static void main(String[] arguments) throws IOException {
    CalibrationProbe probe = new CalibrationProbe(Integer.parseInt(arguments[0]));
    probe.warmUp();
    say(Map.of("core", OpenBlas.core()));
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String asked = questions.readLine(); asked != null; asked = questions.readLine()) {
      say(asked.equals(BESIDE) ? probe.beside() : probe.round());
    }
    Runtime.getRuntime().halt(0);
  }

  /** The first step of each finds its memory and picks its algorithms. */
  private void warmUp() {
    small.step();
    wide.step();
  }

  private Score round() {
    return new Score(best(small), best(wide), products(ScalarType.Float));
  }

  private static double best(StepModel model) {
    double best = 0;
    for (int i = 0; i < STEPS; i++) {
      best = Math.max(best, model.step());
    }
    return best;
  }

  /** Billions of floating-point operations a second of products, of all lanes together. */
  private double products(ScalarType type) {
    return new GemmPeak(lanes, type).measure(PRODUCTS, OPERATIONS).gflops();
  }

  private Beside beside() {
    double bfloat16 = products(ScalarType.BFloat16);
    try (Lanes one = new Lanes(1);
        StepModel smallInOne = StepModel.small(one);
        StepModel wideInOne = StepModel.wide(one)) {
      OpenBlas.threads(lanes.count());
      one.run(
          lane -> {
            torch.set_num_threads(lanes.count());
            return lane;
          });
      smallInOne.step();
      wideInOne.step();
      return new Beside(best(smallInOne), best(wideInOne), bfloat16);
    }
  }

  private static void say(Object answer) {
    System.out.println(JsonMapper.shared().writeValueAsString(answer));
    System.out.flush();
  }
}
