package dev.modelflow.cli.bench.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a process takes of this machine, as Linux says.
 *
 * @param megabytes of memory that are its own
 * @param threads of the system
 */
record ProcessLoad(double megabytes, int threads) {
  /** Of a process that lives. */
  static ProcessLoad of(long process) throws IOException {
    double kilobytes = 0;
    int threads = 0;
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process), "status"))) {
      String[] words = line.split("\\s+", -1);
      switch (words[0]) {
        case "RssAnon:" -> kilobytes = Double.parseDouble(words[1]);
        case "Threads:" -> threads = Integer.parseInt(words[1]);
        default -> {}
      }
    }
    return new ProcessLoad(kilobytes * 1024 / 1e6, threads);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.0f MB, %d threads", megabytes, threads);
  }
}
