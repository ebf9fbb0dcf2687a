package dev.modelflow.cli.order;

import java.util.List;
import java.util.Objects;

/**
 * Whether a checkpoint has seen a document, and when.
 *
 * @param checkpoint that was asked about
 * @param document that was asked about
 * @param seen whether any step on the way to it saw it
 * @param known whether any data on the way to it has a document of this id
 * @param complete whether all steps on the way to it are recorded; if not, an answer that it was
 *     not seen holds for the recorded ones alone
 * @param stages on the way to it, first stage first; behind a merge, those of all checkpoints that
 *     it is the mean of
 */
public record DocumentAnswer(
    String checkpoint,
    String document,
    boolean seen,
    boolean known,
    boolean complete,
    List<StageSightings> stages) {
  static DocumentAnswer of(String checkpoint, String document, List<StageSightings> stages) {
    return new DocumentAnswer(
        checkpoint,
        document,
        stages.stream().anyMatch(stage -> !stage.sightings().isEmpty()),
        stages.stream().anyMatch(StageSightings::known),
        stages.stream().map(StageSightings::gap).noneMatch(Objects::nonNull),
        List.copyOf(stages));
  }

  /** How many steps saw it. */
  public long steps() {
    return stages.stream().mapToLong(StageSightings::sighted).sum();
  }
}
