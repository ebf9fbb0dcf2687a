package dev.modelflow.cli.order;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint on the way to the one that is asked about.
 *
 * @param checkpoint its id
 * @param run the run of the stage that made it
 * @param stage that stage
 * @param inputs role → artifact that the stage read
 * @param earlier the inputs of the attempts of other runs that it went on from, nearest first: a
 *     branch may have begun with other data
 */
public record Link(
    String checkpoint,
    String run,
    String stage,
    Map<String, String> inputs,
    List<Map<String, String>> earlier) {
  private static final String CHECKPOINT = "checkpoint";
  private static final String MERGED = CHECKPOINT + ".";

  /** Copies maps and lists. */
  public Link {
    inputs = Map.copyOf(inputs);
    earlier = List.copyOf(earlier);
  }

  /** The checkpoints that its stage went on from: of a merge all that it is the mean of. */
  public List<String> before() {
    return inputs.keySet().stream()
        .filter(role -> role.equals(CHECKPOINT) || role.startsWith(MERGED))
        // In the order of their numbers, of which 10 comes after 2.
        .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
        .map(role -> inputs.getOrDefault(role, ""))
        .toList();
  }

  /** The artifact of this role, the stage's own first. */
  Optional<String> input(String role) {
    return Optional.ofNullable(inputs.get(role))
        .or(
            () ->
                earlier.stream()
                    .filter(before -> before.containsKey(role))
                    .findFirst()
                    .map(before -> before.get(role)));
  }

  /** Whether both are of one stage, perhaps after other numbers of steps. */
  boolean isOfSameStage(Link other) {
    return stage.equals(other.stage) && (run.equals(other.run) || inputs.equals(other.inputs));
  }
}
