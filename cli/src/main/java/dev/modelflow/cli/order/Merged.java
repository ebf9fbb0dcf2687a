package dev.modelflow.cli.order;

import java.util.List;

/**
 * One of the checkpoints that a merge is the mean of.
 *
 * @param checkpoint its id
 * @param stage that made it
 * @param step of that stage, after which it was taken
 * @param behind the stages that its weights passed through before, first stage first
 * @param seen how many steps on the way to it saw the document
 * @param complete whether all steps on the way to it are recorded
 */
public record Merged(
    String checkpoint, String stage, int step, List<String> behind, long seen, boolean complete) {
  /** Copies the list. */
  public Merged {
    behind = List.copyOf(behind);
  }

  /** The last of these stages' checkpoint. */
  static Merged of(List<StageSightings> way) {
    StageSightings last = way.getLast();
    List<String> behind =
        way.subList(0, way.size() - 1).stream().map(StageSightings::stage).distinct().toList();
    return new Merged(
        last.checkpoint(),
        last.stage(),
        last.steps(),
        behind,
        way.stream().mapToLong(StageSightings::sighted).sum(),
        way.stream().allMatch(stage -> stage.gap() == null));
  }
}
