package dev.modelflow.cli.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which process a pid means: pids are used again, so its start counts too.
 *
 * @param pid its number
 * @param start when it started, in the system's own unit; null where the system does not say
 * @param command the program's path; null where the system does not say
 */
public record ProcessRecord(long pid, @Nullable Long start, @Nullable String command) {
  private static final int START_FIELD = 19;

  static ProcessRecord of(ProcessHandle process) {
    return new ProcessRecord(process.pid(), start(process), process.info().command().orElse(null));
  }

  /** The living process, if it is still the one that was recorded. */
  public Optional<ProcessHandle> living() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> start != null && equals(of(process)));
  }

  /**
   * Linux counts from boot, which stays; the time of day that the JDK makes of it moves whenever
   * the clock is set.
   */
  private static @Nullable Long start(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[START_FIELD]);
    } catch (IOException otherSystem) {
      return process.info().startInstant().map(Instant::toEpochMilli).orElse(null);
    }
  }
}
