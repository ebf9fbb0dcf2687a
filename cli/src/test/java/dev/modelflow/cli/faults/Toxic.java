package dev.modelflow.cli.faults;

import java.util.Locale;
import java.util.Map;

/**
 * What Toxiproxy does to the bytes of one direction of a link.
 *
 * @param type in Toxiproxy's words
 * @param stream the direction
 * @param attributes in Toxiproxy's words
 */
record Toxic(String type, Stream stream, Map<String, Integer> attributes) {
  /** A direction: towards the server, or back from it. */
  enum Stream {
    UPSTREAM,
    DOWNSTREAM;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Toxic {
    attributes = Map.copyOf(attributes);
  }

  /** Its name on the link; two of one name cannot be there at once. */
  String name() {
    return type + "-" + stream.word();
  }

  /** Nothing comes through, and connections stay open. */
  static Toxic silence(Stream stream) {
    return new Toxic("timeout", stream, Map.of("timeout", 0));
  }

  /** All answers are late by this time, and up to half of it more. */
  static Toxic latency(int millis) {
    return new Toxic("latency", Stream.DOWNSTREAM, Map.of("latency", millis, "jitter", millis / 2));
  }

  /** No more than so many kilobytes a second are sent. */
  static Toxic bandwidth(int kilobytesPerSecond) {
    return new Toxic("bandwidth", Stream.UPSTREAM, Map.of("rate", kilobytesPerSecond));
  }

  /** Each connection breaks after so many bytes were sent over it. */
  static Toxic limit(int bytes) {
    return new Toxic("limit_data", Stream.UPSTREAM, Map.of("bytes", bytes));
  }
}
