package dev.modelflow.cli.order;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was found out of each checkpoint so far, in the order of the way. */
final class Told {
  private record Entry(Link link, StageSightings stage) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  void add(Link link, StageSightings stage) {
    entries.put(link.checkpoint(), new Entry(link, stage));
  }

  /**
   * The stages on the way to this checkpoint, which is the last. Of a stage that several merged
   * checkpoints come from, the latest alone is there: it saw what the others saw.
   */
  List<StageSightings> to(String checkpoint) {
    Set<String> behind = behind(checkpoint);
    List<Entry> way =
        entries.values().stream()
            .filter(entry -> behind.contains(entry.link().checkpoint()))
            .toList();
    return way.stream()
        .filter(entry -> way.stream().noneMatch(other -> isWithin(entry, other)))
        .map(Entry::stage)
        .toList();
  }

  private Set<String> behind(String checkpoint) {
    Set<String> found = new HashSet<>();
    List<String> open = new ArrayList<>(List.of(checkpoint));
    while (!open.isEmpty()) {
      String next = open.removeLast();
      Entry entry = entries.get(next);
      if (entry != null && found.add(next)) {
        open.addAll(entry.link().before());
      }
    }
    return found;
  }

  private static boolean isWithin(Entry entry, Entry other) {
    return entry.link().isOfSameStage(other.link())
        && entry.stage().steps() < other.stage().steps();
  }
}
