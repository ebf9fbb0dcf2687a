package dev.modelflow.cli.faults;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** One disturbance of the stack. Applying and healing may each be done more than once. */
sealed interface Fault {
  /** Which sort of disturbance it is. */
  FaultKind kind();

  /**
   * Begins it. Throws {@link NothingToDisturbException} when what it is about is not there at the
   * moment.
   */
  void apply(FaultyStack stack);

  /** Ends it. Throws {@link NothingToDisturbException} when that must be tried again later. */
  void heal(FaultyStack stack);

  /**
   * SIGKILL.
   *
   * @param which of the processes of this sort, where there are several
   */
  record Kill(Set<Victim> victims, int which) implements Fault {
    public Kill {
      victims = Set.copyOf(victims);
    }

    @Override
    public FaultKind kind() {
      return victims.size() == 1 ? FaultKind.KILL : FaultKind.KILL_SEVERAL;
    }

    @Override
    public void apply(FaultyStack stack) {
      stack.kill(victims, which);
    }

    @Override
    public void heal(FaultyStack stack) {
      // Docker starts it again by itself.
    }

    @Override
    public String toString() {
      return "SIGKILL of " + new TreeSet<>(victims) + " #" + which;
    }
  }

  /** A link refuses. */
  record Cut(Link link) implements Fault {
    @Override
    public FaultKind kind() {
      return FaultKind.CUT;
    }

    @Override
    public void apply(FaultyStack stack) {
      stack.links().enable(link, false);
    }

    @Override
    public void heal(FaultyStack stack) {
      stack.links().enable(link, true);
    }
  }

  /** Nothing comes through a link, and nobody is told. */
  record Silence(Link link) implements Fault {
    @Override
    public FaultKind kind() {
      return FaultKind.SILENCE;
    }

    @Override
    public void apply(FaultyStack stack) {
      stack.links().add(link, Toxic.silence(Toxic.Stream.UPSTREAM));
      stack.links().add(link, Toxic.silence(Toxic.Stream.DOWNSTREAM));
    }

    @Override
    public void heal(FaultyStack stack) {
      stack.links().remove(link, Toxic.silence(Toxic.Stream.UPSTREAM));
      stack.links().remove(link, Toxic.silence(Toxic.Stream.DOWNSTREAM));
    }
  }

  /** Answers are lost on the way. */
  record LostAnswers(Link link) implements Fault {
    @Override
    public FaultKind kind() {
      return FaultKind.LOST_ANSWERS;
    }

    @Override
    public void apply(FaultyStack stack) {
      stack.links().add(link, Toxic.silence(Toxic.Stream.DOWNSTREAM));
    }

    @Override
    public void heal(FaultyStack stack) {
      stack.links().remove(link, Toxic.silence(Toxic.Stream.DOWNSTREAM));
    }
  }

  /**
   * A late and narrow link.
   *
   * @param latencyMillis before anything comes through, one way
   * @param kilobytesPerSecond that come through
   */
  record SlowLink(Link link, int latencyMillis, int kilobytesPerSecond) implements Fault {
    @Override
    public FaultKind kind() {
      return FaultKind.SLOW_LINK;
    }

    @Override
    public void apply(FaultyStack stack) {
      stack.links().add(link, Toxic.latency(latencyMillis));
      stack.links().add(link, Toxic.bandwidth(kilobytesPerSecond));
    }

    @Override
    public void heal(FaultyStack stack) {
      stack.links().remove(link, Toxic.latency(latencyMillis));
      stack.links().remove(link, Toxic.bandwidth(kilobytesPerSecond));
    }
  }

  /**
   * Connections that break in the middle of what is sent.
   *
   * @param bytes that each one carries
   */
  record TornUpload(Link link, int bytes) implements Fault {
    @Override
    public FaultKind kind() {
      return FaultKind.TORN_UPLOAD;
    }

    @Override
    public void apply(FaultyStack stack) {
      stack.links().add(link, Toxic.limit(bytes));
    }

    @Override
    public void heal(FaultyStack stack) {
      stack.links().remove(link, Toxic.limit(bytes));
    }
  }

  /**
   * A store under too much load.
   *
   * @param share of the requests that are answered with 503, from 0 to 1
   * @param delay before any is answered
   */
  record BusyStore(double share, Duration delay) implements Fault {
    @Override
    public FaultKind kind() {
      return share > 0 ? FaultKind.STORE_REFUSES : FaultKind.STORE_WAITS;
    }

    @Override
    public void apply(FaultyStack stack) {
      stack.store(share, delay);
    }

    @Override
    public void heal(FaultyStack stack) {
      stack.store(0, Duration.ZERO);
    }
  }

  /** No room. */
  record FullDisk(Disk disk) implements Fault {
    @Override
    public FaultKind kind() {
      return FaultKind.FULL_DISK;
    }

    @Override
    public void apply(FaultyStack stack) {
      stack.fill(disk);
    }

    @Override
    public void heal(FaultyStack stack) {
      stack.empty(disk);
    }
  }

  /**
   * A worker that stands still.
   *
   * @param service of Compose
   * @param which of its containers, where there are several
   */
  record Pause(String service, int which) implements Fault {
    @Override
    public FaultKind kind() {
      return FaultKind.PAUSE;
    }

    @Override
    public void apply(FaultyStack stack) {
      stack.pause(service, which);
    }

    @Override
    public void heal(FaultyStack stack) {
      stack.resume(service);
    }
  }

  /**
   * A clock that is wrong.
   *
   * @param service of Compose
   * @param by how much; negative for the past
   */
  record Clock(String service, Duration by) implements Fault {
    @Override
    public FaultKind kind() {
      return FaultKind.CLOCK;
    }

    @Override
    public void apply(FaultyStack stack) {
      stack.clock(service, by);
    }

    @Override
    public void heal(FaultyStack stack) {
      stack.clock(service, Duration.ZERO);
    }
  }

  /** An older ledger: a backup at first, and its restoration in the end. */
  record Restore() implements Fault {
    @Override
    public FaultKind kind() {
      return FaultKind.RESTORE;
    }

    @Override
    public void apply(FaultyStack stack) {
      stack.past().remember();
    }

    @Override
    public void heal(FaultyStack stack) {
      stack.past().comeBack();
    }
  }
}
