package dev.modelflow.calibrate;

/** How a process is started that answers as {@link CalibrationProbe} does. */
@FunctionalInterface
public interface Starter {
  /** A process in the way of {@code tuning}, with its environment, not yet started. */
  ProcessBuilder process(Tuning tuning);
}
