package dev.modelflow.cli.faults;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The ways in which the stack is disturbed. */
enum FaultKind {
  /** SIGKILL of one process. */
  KILL,
  /** SIGKILL of several at once. */
  KILL_SEVERAL,
  /** A link refuses and drops all connections. */
  CUT,
  /** A link's connections stay open, but nothing comes through in either direction. */
  SILENCE,
  /** Requests come through a link, answers do not: what was asked for is done and nobody hears. */
  LOST_ANSWERS,
  /** A link is late and narrow. */
  SLOW_LINK,
  /** Connections of a link to the store break after some bytes were sent: half an upload. */
  TORN_UPLOAD,
  /** The store answers 503 to a share of the requests. */
  STORE_REFUSES,
  /** The store lets requests wait. */
  STORE_WAITS,
  /** A file system has no byte left. */
  FULL_DISK,
  /** A worker with its trainer stands still for longer than its heartbeats may be missing. */
  PAUSE,
  /** The clock of a service jumps, and back later. */
  CLOCK,
  /** The ledger is restored from a backup while Temporal and the store went on. */
  RESTORE;

  /** As it is written in commands and reports. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The kinds between commas; all for an empty text. */
  static Set<FaultKind> parse(String words) {
    if (words.isBlank()) {
      return EnumSet.allOf(FaultKind.class);
    }
    Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
    for (String word : words.split(",", -1)) {
      kinds.add(
          Arrays.stream(values())
              .filter(kind -> kind.word().equals(word.strip()))
              .findFirst()
              .orElseThrow(() -> unknown(word)));
    }
    return kinds;
  }

  private static IllegalArgumentException unknown(String word) {
    return new IllegalArgumentException(
        "There is no kind of fault '%s'; there are: %s"
            .formatted(
                word,
                Arrays.stream(values()).map(FaultKind::word).collect(Collectors.joining(", "))));
  }
}
