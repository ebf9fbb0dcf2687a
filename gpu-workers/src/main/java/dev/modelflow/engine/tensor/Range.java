package dev.modelflow.engine.tensor;

/** Neighbouring places of a flat buffer: {@code from} to before {@code to}. */
public record Range(long from, long to) {
  /** Refuses a range that ends before it begins. */
  public Range {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("%d to %d is not a range".formatted(from, to));
    }
  }

  /** The whole of a buffer of this many places. */
  public static Range of(long size) {
    return new Range(0, size);
  }

  /** How many places it has. */
  public long size() {
    return to - from;
  }

  /** The {@code index}-th of {@code parts} that follow each other, cover it and differ by one. */
  public Range part(int index, int parts) {
    return new Range(from + size() * index / parts, from + size() * (index + 1) / parts);
  }

  /** What both have in common, which may be empty. */
  public Range common(Range other) {
    long start = Math.max(from, other.from);
    return new Range(start, Math.max(start, Math.min(to, other.to)));
  }
}
