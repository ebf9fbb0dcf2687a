package dev.modelflow.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Memory of processes, native memory included, by the kernel's own count. */
public final class ProcessMemory {
  private static final String SELF = "self";

  private ProcessMemory() {}

  /** Whether the system counts it. */
  public static boolean isCounted() {
    return Files.exists(status(SELF));
  }

  /**
   * Megabytes that a living process holds now.
   *
   * @throws IOException when the process has ended
   */
  public static double megabytes(long process) throws IOException {
    double held = megabytes(Long.toString(process), "VmRSS:");
    if (held == 0) {
      throw new IOException("Process %d has ended: its memory cannot be read".formatted(process));
    }
    return held;
  }

  /** The most megabytes that this process held so far; 0 where the system keeps no count. */
  static long most() throws IOException {
    return (long) megabytes(SELF, "VmHWM:");
  }

  private static Path status(String process) {
    return Path.of("/proc", process, "status");
  }

  private static double megabytes(String process, String key) throws IOException {
    Path status = status(process);
    if (!Files.exists(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(key))
          .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
          .findFirst()
          .orElse(0);
    }
  }
}
