package dev.modelflow.calibrate;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code modelflow calibrate} found out.
 *
 * @param format of the file; {@link #FORMAT}
 * @param measured when
 * @param machine for which it holds
 * @param engine version of the code that was measured
 * @param threads that the engine used, each a lane
 * @param trials every way that was tried
 * @param chosen the one that trainers are started in
 * @param beside what was measured besides; null when that failed
 */
public record Calibration(
    int format,
    Instant measured,
    Machine machine,
    String engine,
    int threads,
    List<Trial> trials,
    Tuning chosen,
    @Nullable Beside beside) {
  /** The only format there is. */
  public static final int FORMAT = 1;

  /** Throws {@link IllegalArgumentException} unless it is of this format and whole. */
  public Calibration {
    if (format != FORMAT) {
      throw new IllegalArgumentException("its format is %d, not %d".formatted(format, FORMAT));
    }
    Objects.requireNonNull(measured, "it has no time");
    Objects.requireNonNull(machine, "it names no machine");
    Objects.requireNonNull(engine, "it names no engine");
    Objects.requireNonNull(trials, "it has no trials");
    Objects.requireNonNull(chosen, "it chooses nothing");
    trials = List.copyOf(trials);
    if (trials.stream().noneMatch(it -> it.tuning().equals(chosen) && it.score() != null)) {
      throw new IllegalArgumentException(
          "%s was chosen, but no trial measured it".formatted(chosen.title()));
    }
  }
}
