package dev.modelflow.parity;

import java.util.Map;

/** Prints a line for each check and remembers whether one failed. */
final class Findings {
  private boolean failed;

  void check(String what, boolean good) {
    System.out.printf("%-7s %s%n", good ? "ok" : "FAILED", what);
    failed |= !good;
  }

  /** A finding that cannot fail. */
  void tell(String what) {
    System.out.printf("%-7s %s%n", "", what);
  }

  boolean failed() {
    return failed;
  }

  /** Whether the losses of {@code ours}, at every step, are within {@code most} of theirs. */
  void losses(String stage, OutsideRun theirs, OutsideRun ours, double most) {
    double difference = 0;
    for (Map.Entry<Integer, Double> loss : ours.losses().entrySet()) {
      double their = theirs.losses().getOrDefault(loss.getKey(), Double.MAX_VALUE);
      difference = Math.max(difference, Math.abs(loss.getValue() - their));
    }
    int steps = ours.losses().size();
    int last = ours.losses().keySet().stream().reduce(0, Math::max);
    check(
        "%s: losses of %d steps differ by at most %.1e (last: %.4f)"
            .formatted(stage, steps, difference, ours.losses().getOrDefault(last, Double.NaN)),
        steps > 0 && difference <= most);
  }
}
