package dev.modelflow.cli.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Applies and heals the faults of one run at their times; to be called often from one thread. */
final class Disturbances {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration AGAIN = Duration.ofSeconds(2);
  private static final Duration LONGEST_END = Duration.ofMinutes(3);

  private final FaultyStack stack;
  private final Deque<PlannedFault> plan;
  private final int most;
  private final Consumer<String> out;
  private final List<Open> open = new ArrayList<>();
  private final List<Healed> healed = new ArrayList<>();
  private final List<FaultKind> applied = new ArrayList<>();
  private Instant due;

  /**
   * Takes faults from {@code plan} as their times come. One that finds nothing to disturb for some
   * time gives way to the one behind it.
   *
   * @param most of them that befall this run
   */
  Disturbances(FaultyStack stack, Deque<PlannedFault> plan, int most, Consumer<String> out) {
    this.stack = stack;
    this.plan = plan;
    this.most = most;
    this.out = out;
    this.due = next(Instant.now());
  }

  private Instant next(Instant from) {
    return plan.isEmpty() ? Instant.MAX : from.plus(plan.getFirst().after());
  }

  /** Does what is due now. */
  void step() {
    Instant now = Instant.now();
    healWhere(now);
    if (applied.size() < most && !now.isBefore(due)) {
      applyNext(now);
    }
  }

  private void applyNext(Instant now) {
    PlannedFault planned = plan.getFirst();
    try {
      planned.fault().apply(stack);
      out.accept("  #%d %s".formatted(planned.number(), planned.fault()));
      open.add(new Open(planned, Instant.now().plus(planned.lasts())));
      applied.add(planned.fault().kind());
      plan.removeFirst();
      due = next(Instant.now());
    } catch (NothingToDisturbException absent) {
      if (plan.size() > 1 && !now.isBefore(due.plus(PATIENCE))) {
        out.accept("  #%d waits: %s".formatted(planned.number(), absent.getMessage()));
        giveWay();
        due = now;
      }
    }
  }

  private void giveWay() {
    PlannedFault waiting = plan.removeFirst();
    PlannedFault next = plan.removeFirst();
    plan.addFirst(waiting);
    plan.addFirst(next);
  }

  private void healWhere(Instant now) {
    for (Open fault : List.copyOf(open)) {
      if (now.isBefore(fault.until)) {
        continue;
      }
      open.remove(fault);
      if (heal(fault.planned.fault())) {
        healed.add(new Healed(fault.planned.fault().kind(), Instant.now()));
      } else {
        open.add(new Open(fault.planned, Instant.now().plus(AGAIN)));
      }
    }
  }

  private boolean heal(Fault fault) {
    try {
      fault.heal(stack);
      return true;
    } catch (NothingToDisturbException later) {
      out.accept("  not healed yet: " + later.getMessage());
      return false;
    }
  }

  /** Whether a fault lasts. */
  boolean areOpen() {
    return !open.isEmpty();
  }

  /** Heals what still lasts, as often as it takes within a time. */
  void end() {
    Instant deadline = Instant.now().plus(LONGEST_END);
    while (areOpen() && Instant.now().isBefore(deadline)) {
      healWhere(Instant.MAX);
    }
  }

  /** The faults that befell the run. */
  List<FaultKind> applied() {
    return List.copyOf(applied);
  }

  /** Faults that are over, and that nobody has taken yet. */
  List<Healed> takeHealed() {
    List<Healed> taken = List.copyOf(healed);
    healed.clear();
    return taken;
  }

  private record Open(PlannedFault planned, Instant until) {}

  /** A fault that is over. */
  record Healed(FaultKind kind, Instant at) {}
}
