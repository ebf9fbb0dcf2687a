package dev.modelflow.cli.view;

import dev.modelflow.cli.client.Run;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One stage in one line. */
final class StageLine {
  private static final int BAR = 20;

  private StageLine() {}

  /**
   * The line.
   *
   * @param left how long it will still take; null when unknown
   */
  static String of(Run.Stage stage, int width, @Nullable Duration left) {
    StringBuilder line = new StringBuilder();
    line.append(mark(stage)).append(' ').append(stage.name());
    line.append(" ".repeat(Math.max(1, width + 1 - stage.name().length())));
    line.append(
        switch (stage.status()) {
          case RUNNING -> running(stage, left);
          case WAITING -> "";
          case REUSED -> "reused";
          case SUCCEEDED -> done(stage);
          case FAILED -> "failed: " + stage.failureMessage();
          case CANCELLED -> "cancelled";
        });
    return line.toString().stripTrailing();
  }

  private static String mark(Run.Stage stage) {
    return switch (stage.status()) {
      case SUCCEEDED, REUSED -> "✓";
      case RUNNING -> "▸";
      case WAITING -> "·";
      case FAILED, CANCELLED -> "✗";
    };
  }

  private static String running(Run.Stage stage, @Nullable Duration left) {
    StringBuilder text = new StringBuilder();
    if (stage.step() != null && stage.totalSteps() != null && stage.totalSteps() > 0) {
      text.append(bar((double) stage.step() / stage.totalSteps()));
      text.append(' ').append(stage.step()).append('/').append(stage.totalSteps()).append("  ");
    } else {
      text.append("running  ");
    }
    if (stage.tokensPerSecond() != null && stage.tokensPerSecond() > 0) {
      text.append(Numbers.brief(stage.tokensPerSecond())).append(" tokens/s  ");
    }
    if (stage.loss() != null) {
      text.append(String.format(Locale.ROOT, "loss %.3f  ", stage.loss()));
    }
    if (left != null) {
      text.append(Numbers.time(left)).append(" left");
    }
    return text.toString().stripTrailing();
  }

  private static String done(Run.Stage stage) {
    StringBuilder text = new StringBuilder("done");
    Times.between(stage.startedAt(), stage.finishedAt())
        .ifPresent(time -> text.append(" in ").append(Numbers.time(time)));
    if (stage.totalSteps() != null && stage.totalSteps() > 1) {
      text.append(", ").append(stage.totalSteps()).append(" steps");
    }
    if (stage.loss() != null) {
      text.append(String.format(Locale.ROOT, ", loss %.3f", stage.loss()));
    }
    return text.toString();
  }

  private static String bar(double share) {
    int full = (int) Math.round(Math.clamp(share, 0, 1) * BAR);
    return "━".repeat(full) + "─".repeat(BAR - full);
  }
}
