package dev.modelflow.calibrate;

import dev.modelflow.bench.GemmPeak;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.Precision;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process that measures on demand: {@code CalibrationProbe THREADS} says in a line which kernels
 * it uses, then answers each line {@code warm-up} with the same, {@code round} with a {@link Score}
 * and {@code beside} with a {@link Beside}, as JSON. It must be started in the environment that is
 * to be measured, and ends with its standard input.
 */
public final class CalibrationProbe {
  /** What is asked before anything is measured. */
  static final String WARM_UP = "warm-up";

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
  private final @Nullable StepModel smallInBf16;

  private CalibrationProbe(Lanes lanes) {
    this.lanes = lanes;
    small = StepModel.small(lanes, Precision.FLOAT32);
    wide = StepModel.wide(lanes);
    smallInBf16 = Processor.here().hasBf16() ? StepModel.small(lanes, Precision.BF16) : null;
  }

  /** Measures until nobody asks. */
  public static void main(String[] arguments) throws IOException {
    Lanes lanes = new Lanes(Integer.parseInt(arguments[0]));
    Map<String, String> kernels = Map.of("core", OpenBlas.core());
    say(kernels);
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    // One whose kernels another one has, too, is never asked, and has made no model in vain.
    if (questions.readLine() != null) {
      CalibrationProbe probe = new CalibrationProbe(lanes);
      probe.warmUp();
      say(kernels);
      probe.answer(questions);
    }
    Runtime.getRuntime().halt(0);
  }

  /** The first step of each finds its memory and picks its algorithms. */
  private void warmUp() {
    small.step();
    wide.step();
    if (smallInBf16 != null) {
      smallInBf16.step();
    }
  }

  private void answer(BufferedReader questions) throws IOException {
    for (String asked = questions.readLine(); asked != null; asked = questions.readLine()) {
      switch (asked) {
        case ROUND -> say(round());
        case BESIDE -> say(beside());
        default -> throw new IOException("Nothing is measured for '" + asked + "'");
      }
    }
  }

  private Score round() {
    return new Score(
        best(small),
        best(wide),
        products(ScalarType.Float),
        smallInBf16 == null ? null : best(smallInBf16));
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
        StepModel smallInOne = StepModel.small(one, Precision.FLOAT32);
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
