package dev.modelflow.engine.data;

import java.util.List;

/** A running hash of places, with SplitMix64's finaliser. */
final class OrderCheck {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long hash = GOLDEN;

  void add(List<List<Place>> step) {
    for (List<Place> row : step) {
      for (Place place : row) {
        add(place.source().hashCode());
        add(((long) place.document() << Integer.SIZE) | place.offset());
        add(place.length());
      }
      add(GOLDEN);
    }
  }

  String hex() {
    return String.format("%016x", hash);
  }

  private void add(long value) {
    long z = (hash ^ value) + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    hash = z ^ (z >>> 31);
  }
}
