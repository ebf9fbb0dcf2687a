package dev.modelflow.cli.bench.fill;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Decides what the runs of a ledger look like, from its size and seed alone. */
final class RunPlans {
  /** One run in so many has half of all metric points between them. */
  static final int PER_LONG_RUN = 500;

  /** The first runs, which succeeded and whose objects are uploaded. */
  static final int WHOLE = 8;

  private static final int PER_FAMILY = 1000;
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final Instant FIRST = Instant.parse("2026-01-05T08:00:00Z");
  private static final Duration BETWEEN = Duration.ofMinutes(37);

  private final LedgerSize size;
  private final int stages;
  private final Random random;

  RunPlans(LedgerSize size, int stages) {
    this.size = size;
    this.stages = stages;
    this.random = new Random(size.seed());
  }

  static boolean isLong(int number) {
    return number % PER_LONG_RUN == PER_LONG_RUN / 2;
  }

  /** All runs, oldest first. */
  List<RunPlan> all() {
    List<RunPlan> plans = new ArrayList<>();
    for (int number = 0; number < size.runs(); number++) {
      plans.add(plan(number, plans));
    }
    return plans;
  }

  private RunPlan plan(int number, List<RunPlan> before) {
    Instant createdAt = FIRST.plus(BETWEEN.multipliedBy(number));
    int family = number / PER_FAMILY;
    return new RunPlan(
        number,
        id(createdAt.toEpochMilli()),
        createdAt,
        family,
        parent(number, before),
        stagesDone(number),
        metrics(number),
        share(size.edges(), number));
  }

  private @Nullable RunPlan parent(int number, List<RunPlan> before) {
    int inFamily = number % PER_FAMILY;
    if (number < WHOLE || inFamily < 2 || random.nextInt(10) >= 3) {
      return null;
    }
    RunPlan candidate = before.get(number - 1 - random.nextInt(Math.min(inFamily, 60)));
    return candidate.stagesDone() == stages && candidate.parent() == null ? candidate : null;
  }

  private int stagesDone(int number) {
    boolean first = number < WHOLE || number % PER_FAMILY == 0;
    return first || isLong(number) || random.nextInt(10) < 8
        ? stages
        : 4 + random.nextInt(stages - 4);
  }

  private int metrics(int number) {
    int longRuns = (size.runs() + PER_LONG_RUN - 1 - PER_LONG_RUN / 2) / PER_LONG_RUN;
    int extra = longRuns == 0 ? 0 : size.metrics() / 2 / longRuns;
    int even = (int) share(size.metrics() - (long) extra * longRuns, number);
    return isLong(number) ? even + extra : even;
  }

  /** The part of {@code whole} that falls to a run, so that all parts make up the whole. */
  private long share(long whole, int number) {
    return whole * (number + 1) / size.runs() - whole * number / size.runs();
  }

  /** As the platform makes them: ten digits of time, sixteen of chance. */
  private String id(long millis) {
    StringBuilder id = new StringBuilder();
    for (int digit = 9; digit >= 0; digit--) {
      id.append(ALPHABET.charAt((int) (millis >>> (5 * digit)) & 31));
    }
    for (int digit = 0; digit < 16; digit++) {
      id.append(ALPHABET.charAt(random.nextInt(32)));
    }
    return id.toString();
  }
}
