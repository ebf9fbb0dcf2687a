package dev.modelflow.engine.tensor;

/**
 * What work says whenever a small part of it is done, so that nobody takes it for hung. Any thread
 * may say it, as often as it likes, and no other needs to say it, too; a thread that hangs does
 * not.
 */
@FunctionalInterface
public interface SignOfLife {
  /** Nobody listens. */
  SignOfLife NONE = () -> {};

  /** A part of the work is done. */
  void goesOn();
}
