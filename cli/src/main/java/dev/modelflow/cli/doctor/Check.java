package dev.modelflow.cli.doctor;

import java.time.Duration;
import java.time.Instant;

/**
 * What was found about one thing.
 *
 * @param name of the thing
 * @param state whether somebody must do something
 * @param message one sentence; where something is wrong, with what to do
 */
public record Check(String name, State state, String message) {
  private static final Duration ODD = Duration.ofSeconds(5);
  private static final Duration FALSE = Duration.ofMinutes(1);

  /** How bad it is. */
  public enum State {
    /** As it should be. */
    OK,
    /** Works, but somebody should look. */
    WARNING,
    /** Keeps runs from going on. */
    WRONG
  }

  static Check ok(String name, String message) {
    return new Check(name, State.OK, message);
  }

  static Check warning(String name, String message) {
    return new Check(name, State.WARNING, message);
  }

  static Check wrong(String name, String message) {
    return new Check(name, State.WRONG, message);
  }

  /** Compares another machine's clock with this one's. */
  static Check clock(String name, Instant theirs) {
    Duration apart = Duration.between(theirs, Instant.now()).abs();
    String message =
        "%s differs from this machine's clock by %.1f s".formatted(name, apart.toMillis() / 1000.0);
    if (apart.compareTo(ODD) < 0) {
      return ok(name, message);
    }
    String remedy = message + "; let both follow a time server (chrony or systemd-timesyncd)";
    return apart.compareTo(FALSE) < 0 ? warning(name, remedy) : wrong(name, remedy);
  }
}
