package dev.modelflow.calibrate;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One way to start a trainer, and how it did.
 *
 * @param tuning the way
 * @param core kernels that OpenBLAS said it uses; empty where it said nothing
 * @param score null when it failed
 * @param failure why it failed; null when it did not
 */
public record Trial(Tuning tuning, String core, @Nullable Score score, @Nullable String failure) {
  /** Throws {@link IllegalArgumentException} unless it has a score or a failure. */
  public Trial {
    Objects.requireNonNull(tuning, "a trial has no tuning");
    Objects.requireNonNull(core, "a trial names no core");
    if ((score == null) == (failure == null)) {
      throw new IllegalArgumentException(
          "the trial of %s has %s: expected a score or a failure"
              .formatted(tuning.title(), score == null ? "neither" : "both"));
    }
  }

  static Trial measured(Tuning tuning, String core, Score score) {
    return new Trial(tuning, core, score, null);
  }

  static Trial failed(Tuning tuning, String core, String why) {
    return new Trial(tuning, core, null, why);
  }
}
