package dev.modelflow.pool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks a Python for the versions of its packages, without importing them. */
final class PythonPackages {
  private static final String QUESTION =
      "import sys, importlib.metadata as m\n"
          + "for name in sys.argv[1:]: print(name, m.version(name))";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private PythonPackages() {}

  /**
   * A line {@code NAME VERSION} for each package.
   *
   * @throws DeviceException when the interpreter cannot be run or lacks one
   */
  static List<String> versions(Path python, List<String> packages) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(python.toString(), "-c", QUESTION));
    command.addAll(packages);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new DeviceException(
            "%s gave no answer for %d seconds".formatted(python, PATIENCE.toSeconds()));
      }
      List<String> lines =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      if (process.exitValue() != 0) {
        throw new DeviceException(
            "%s has not all of %s (%s): install them there"
                .formatted(
                    python, String.join(", ", packages), lines.isEmpty() ? "" : lines.getLast()));
      }
      return lines;
    } catch (IOException failure) {
      throw new DeviceException(
          "%s cannot be run (%s): name a Python interpreter"
              .formatted(python, failure.getMessage()));
    }
  }
}
