package dev.modelflow.bench;

/**
 * Some steps, made one after the other.
 *
 * @param tokens of all of them
 * @param seconds from before the first until after the last
 */
public record Round(long tokens, double seconds) {
  /** By the clock. */
  public double tokensPerSecond() {
    return tokens / seconds;
  }
}
