package dev.modelflow.engine.stage;

import java.util.ArrayDeque;
import java.util.Deque;

/** What something larger is made of, closed with it, the latest first. */
final class Owned implements AutoCloseable {
  private final Deque<Runnable> closing = new ArrayDeque<>();

  /** Takes {@code part} over, which {@code close} closes. */
  <T> T add(T part, Runnable close) {
    closing.push(close);
    return part;
  }

  @Override
  public void close() {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
  }
}
