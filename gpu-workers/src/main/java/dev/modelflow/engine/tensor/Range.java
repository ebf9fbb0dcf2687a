package dev.modelflow.engine.tensor;

import java.util.ArrayList;
import java.util.List;

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

  /** Parts of {@code most} places that follow each other and cover it; the last may be smaller. */
  public List<Range> pieces(long most) {
    List<Range> pieces = new ArrayList<>();
    for (long start = from; start < to; ) {
      long end = start + Math.min(most, to - start);
      pieces.add(new Range(start, end));
      start = end;
    }
    return pieces;
  }

  /** What both have in common, which may be empty. */
  public Range common(Range other) {
    long start = Math.max(from, other.from);
    return new Range(start, Math.max(start, Math.min(to, other.to)));
  }
}
