package dev.modelflow.cli.stack;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which process a pid means: pids are used again, so its start counts too.
 *
 * @param pid its number
 * @param start when it started, in milliseconds; null where the system does not say
 * @param command the program's path; null where the system does not say
 */
public record ProcessRecord(long pid, @Nullable Long start, @Nullable String command) {
  static ProcessRecord of(ProcessHandle process) {
    return new ProcessRecord(
        process.pid(),
        process.info().startInstant().map(Instant::toEpochMilli).orElse(null),
        process.info().command().orElse(null));
  }

  /** The living process, if it is still the one that was recorded. */
  public Optional<ProcessHandle> living() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> start != null && equals(of(process)));
  }
}
