package dev.modelflow.cli.bench.objects;

import dev.modelflow.cli.stack.JavaCommand;
import dev.modelflow.cli.stack.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How long a checkpoint took in each round, in seconds.
 *
 * @param platform the platform's rounds
 * @param client the plain client's rounds
 */
public record ObjectTimes(List<Double> platform, List<Double> client) {
  /** The heap of the process that is measured. */
  public static final String HEAP = "256m";

  /** Copies the lists. */
  public ObjectTimes {
    platform = List.copyOf(platform);
    client = List.copyOf(client);
  }

  /** The fastest round of each: how much of the client's speed the platform reaches. */
  public double ratio() {
    return best(client) / best(platform);
  }

  /** The seconds of the fastest round. */
  public static double best(List<Double> rounds) {
    return rounds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  /**
   * Measures in a process of its own: {@code upload} and {@code download}.
   *
   * @param folder an empty one of its own, with room for the checkpoint twice
   */
  public static Map<String, ObjectTimes> measure(
      Map<String, String> settings, Path folder, long bytes, int rounds)
      throws IOException, InterruptedException {
    Path log = folder.resolve("objects.log");
    ProcessBuilder builder =
        JavaCommand.logged(
            JavaCommand.of(
                ObjectProbe.class,
                HEAP,
                folder.toString(),
                Long.toString(bytes),
                Integer.toString(rounds)),
            log);
    builder.environment().putAll(settings);
    Process process = builder.start();
    try {
      if (process.waitFor() != 0) {
        throw new StackException(
            "The checkpoint could not be moved; it said:\n" + Files.readString(log));
      }
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(log);
    return Map.of("upload", times(lines, "upload"), "download", times(lines, "download"));
  }

  private static ObjectTimes times(List<String> lines, String way) {
    return new ObjectTimes(times(lines, "platform", way), times(lines, "client", way));
  }

  private static List<Double> times(List<String> lines, String who, String way) {
    String beginning = ObjectProbe.RESULT + " " + who + " " + way + " ";
    List<Double> times = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith(beginning)) {
        times.add(Double.parseDouble(line.substring(beginning.length())));
      }
    }
    return times;
  }
}
