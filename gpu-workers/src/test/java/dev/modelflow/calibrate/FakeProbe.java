package dev.modelflow.calibrate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Answers as a {@link CalibrationProbe} does with speeds that it was given: {@code
 * KERNELS/MEMORY=SPEED} for each way of OpenBLAS, {@code LIBRARY/KERNELS/MEMORY=SPEED} for others,
 * with another speed in bf16 behind it where the processor is to have that. In the place of a
 * speed, a word makes it misbehave: {@code crash} at the start, {@code die} when it is asked,
 * {@code babble}, {@code hang}.
 */
public final class FakeProbe {
  private FakeProbe() {}

  /** Starts fakes that behave so. */
  static Starter starter(Map<String, String> behaviours) {
    return tuning -> {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  FakeProbe.class.getName()));
      command.add(behaviours.getOrDefault(way(tuning), "crash"));
      ProcessBuilder builder = new ProcessBuilder(command);
      Tuning.add(tuning.environment(2), builder.environment());
      return builder;
    };
  }

  private static String way(Tuning tuning) {
    String library = tuning.blas() == Blas.OPENBLAS ? "" : tuning.blas().word() + "/";
    return library + tuning.kernels() + "/" + tuning.memory().word();
  }

  /** Behaves as the only argument says. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    String behaviour = arguments[0];
    if (behaviour.equals("crash")) {
      System.err.println("Illegal instruction\n");
      System.exit(132);
    }
    say(ready());
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String asked = questions.readLine(); asked != null; asked = questions.readLine()) {
      answer(behaviour, asked);
    }
  }

  /** What it was told, else the best that it knows. */
  private static String ready() {
    return "{\"core\": \"%s\"}"
        .formatted(System.getenv().getOrDefault("OPENBLAS_CORETYPE", "COOPERLAKE"));
  }

  private static void answer(String behaviour, String asked) throws InterruptedException {
    switch (behaviour) {
      case "die" -> System.exit(7);
      case "babble" -> say("ready when you are");
      case "hang" -> Thread.sleep(600_000);
      default ->
          say(
              switch (asked) {
                case CalibrationProbe.WARM_UP -> ready();
                case CalibrationProbe.BESIDE ->
                    "{\"smallInOneLane\": 1, \"wideInOneLane\": 2, \"bfloat16Gemm\": 3}";
                default -> score(behaviour);
              });
    }
  }

  private static String score(String speeds) {
    String[] each = speeds.split(" ", 2);
    return "{\"small\": %1$s, \"wide\": %1$s, \"gemm\": 10, \"smallInBf16\": %2$s}"
        .formatted(each[0], each.length == 1 ? "null" : each[1]);
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
