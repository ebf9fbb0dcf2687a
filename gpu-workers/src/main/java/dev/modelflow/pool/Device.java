package dev.modelflow.pool;

/**
 * What one trainer computes on.
 *
 * @param kind {@code cpu} or {@code cuda:0} and so on
 * @param threads of the processor that it may use
 * @param precision of the linear layers, e.g. {@code float32}
 */
public record Device(String kind, int threads, String precision) {
  @Override
  public String toString() {
    return kind + ", " + threads + (threads == 1 ? " thread, " : " threads, ") + precision;
  }

  /** The processor itself, in float32. */
  public static Device cpu(int threads) {
    return new Device("cpu", threads, "float32");
  }
}
