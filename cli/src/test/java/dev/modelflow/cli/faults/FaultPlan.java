package dev.modelflow.cli.faults;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Which faults befall the stack and when, as a pure function of a seed: a longer plan begins like a
 * shorter one. Kinds come in shuffled decks, so that the first faults hold every kind once.
 */
final class FaultPlan {
  private static final List<String> CLOCKS = List.of("web", "worker-cpu", "worker-gpu");
  private static final List<String> WORKERS = List.of("worker-cpu", "worker-gpu");
  private static final int MORE_KILLS = 2;

  private final Random random;
  private final Set<FaultKind> kinds;
  private final Deque<FaultKind> deck = new ArrayDeque<>();
  private boolean firstDeck = true;

  private FaultPlan(long seed, Set<FaultKind> kinds) {
    this.random = new Random(seed);
    this.kinds = EnumSet.copyOf(kinds);
  }

  /** The first {@code count} faults of a seed, of these kinds. */
  static List<PlannedFault> of(long seed, int count, Set<FaultKind> kinds) {
    FaultPlan plan = new FaultPlan(seed, kinds);
    List<PlannedFault> faults = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      faults.add(plan.next(number));
    }
    return faults;
  }

  private PlannedFault next(int number) {
    Duration after = millis(5_000, 12_000);
    FaultKind kind = draw();
    return new PlannedFault(number, after, lasts(kind), fault(kind));
  }

  private FaultKind draw() {
    if (deck.isEmpty()) {
      List<FaultKind> fresh = new ArrayList<>(kinds);
      if (!firstDeck && kinds.contains(FaultKind.KILL)) {
        fresh.addAll(Collections.nCopies(MORE_KILLS, FaultKind.KILL));
      }
      Collections.shuffle(fresh, random);
      deck.addAll(fresh);
      firstDeck = false;
    }
    return deck.pop();
  }

  private Duration lasts(FaultKind kind) {
    return switch (kind) {
      case KILL, KILL_SEVERAL -> Duration.ZERO;
      case CUT, LOST_ANSWERS -> millis(2_000, 20_000);
      case SILENCE, SLOW_LINK, TORN_UPLOAD, STORE_REFUSES, STORE_WAITS -> millis(5_000, 25_000);
      case FULL_DISK -> millis(4_000, 20_000);
      // An attempt is given to another worker after 20 seconds without a heartbeat.
      case PAUSE -> millis(22_000, 35_000);
      case CLOCK -> millis(5_000, 30_000);
      case RESTORE -> millis(5_000, 20_000);
    };
  }

  private Fault fault(FaultKind kind) {
    return switch (kind) {
      case KILL -> new Fault.Kill(victims(1), random.nextInt(2));
      case KILL_SEVERAL -> new Fault.Kill(victims(random.nextInt(2, 5)), random.nextInt(2));
      case CUT -> new Fault.Cut(any(Link.ALL));
      case SILENCE -> new Fault.Silence(any(Link.ALL));
      case LOST_ANSWERS -> new Fault.LostAnswers(any(Link.ALL));
      case SLOW_LINK ->
          new Fault.SlowLink(any(Link.ALL), random.nextInt(50, 1_500), random.nextInt(20, 500));
      case TORN_UPLOAD -> new Fault.TornUpload(any(Link.UPLOADS), random.nextInt(1_000, 300_000));
      case STORE_REFUSES -> new Fault.BusyStore(random.nextInt(20, 101) / 100.0, Duration.ZERO);
      case STORE_WAITS -> new Fault.BusyStore(0, millis(200, 12_000));
      case FULL_DISK -> new Fault.FullDisk(any(List.of(Disk.values())));
      case PAUSE -> new Fault.Pause(any(WORKERS), random.nextInt(2));
      case CLOCK -> new Fault.Clock(any(CLOCKS), jump());
      case RESTORE -> new Fault.Restore();
    };
  }

  private Set<Victim> victims(int count) {
    List<Victim> all = new ArrayList<>(List.of(Victim.values()));
    Collections.shuffle(all, random);
    return EnumSet.copyOf(all.subList(0, count));
  }

  // S3 refuses signatures that are more than 15 minutes off.
  private Duration jump() {
    Duration far = millis(60_000, 3_600_000);
    return random.nextBoolean() ? far : far.negated();
  }

  private Duration millis(int least, int most) {
    return Duration.ofMillis(random.nextInt(least, most));
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
