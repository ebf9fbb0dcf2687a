package dev.modelflow.cli.order;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a stage on the way to a checkpoint saw of the document.
 *
 * @param run its run
 * @param stage its name
 * @param kind what it does
 * @param checkpoint the one that the next stage, or the asker, took of it
 * @param steps that it had made by then
 * @param known whether its data has the document
 * @param gap what is not known of its steps, as a sentence; null where all is known
 * @param sightings in the order of the steps
 * @param merged what it is the mean of; empty of a stage that is no merge
 */
public record StageSightings(
    String run,
    String stage,
    String kind,
    String checkpoint,
    int steps,
    boolean known,
    @Nullable String gap,
    List<Sighting> sightings,
    List<Merged> merged) {
  /** Copies the lists. */
  public StageSightings {
    sightings = List.copyOf(sightings);
    merged = List.copyOf(merged);
  }

  /** How many of its steps saw the document. */
  long sighted() {
    return sightings.stream().mapToInt(Sighting::step).distinct().count();
  }
}
