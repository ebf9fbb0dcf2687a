package dev.modelflow.parity;

import java.util.Map;
import java.util.TreeSet;

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

  /**
   * Whether the losses of {@code ours}, at every step that theirs has after the one that it goes on
   * from, and at no other, are within {@code most} of theirs.
   */
  void losses(String stage, OutsideRun theirs, OutsideRun ours, double most) {
    TreeSet<Integer> expected = new TreeSet<>(theirs.losses().keySet());
    expected.removeIf(step -> step <= ours.started());
    if (!ours.losses().keySet().equals(expected)) {
      check(
          "%s: losses of %d steps, to be compared with those of %d"
              .formatted(stage, ours.losses().size(), expected.size()),
          false);
      return;
    }
    double difference = 0;
    for (Map.Entry<Integer, Double> loss : ours.losses().entrySet()) {
      double their = theirs.losses().getOrDefault(loss.getKey(), Double.NaN);
      difference = Math.max(difference, Math.abs(loss.getValue() - their));
    }
    int steps = expected.size();
    int last = ours.losses().keySet().stream().reduce(0, Math::max);
    check(
        "%s: losses of %d steps differ by at most %.1e (last: %.4f)"
            .formatted(stage, steps, difference, ours.losses().getOrDefault(last, Double.NaN)),
        steps > 0 && difference <= most);
  }
}
