package dev.modelflow.engine.data;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What some successive steps of a stage have seen: not a list, but all that the list is made from
 * again, so that a million steps take no more room than ten. Checkpoints carry it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "by")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SeenRows.class, name = "rows"),
  @JsonSubTypes.Type(value = SeenPairs.class, name = "pairs"),
  @JsonSubTypes.Type(value = SeenPrompts.class, name = "prompts")
})
@JsonIgnoreProperties(ignoreUnknown = true)
public sealed interface Seen permits SeenRows, SeenPairs, SeenPrompts {
  /** The step of the stage after which these steps come. */
  int after();

  /** How many steps there are. */
  int steps();

  /** The same steps of a stage that makes {@code steps} others before. */
  Seen later(int steps);

  /** Without the steps up to {@code step} of the stage. */
  Seen from(int step);

  /** Both as one, if {@code next} goes on with the same order where this ends. */
  Optional<Seen> with(Seen next);

  /**
   * What a stage has seen that first saw {@code before} and then {@code own}.
   *
   * @param first the last step of {@code before}; of {@code own} only later steps count
   */
  static List<Seen> joined(List<Seen> before, int first, List<Seen> own) {
    List<Seen> joined = new ArrayList<>(before);
    for (Seen each : own) {
      Seen next = each.from(first);
      if (next.steps() == 0) {
        continue;
      }
      Optional<Seen> both = joined.isEmpty() ? Optional.empty() : joined.getLast().with(next);
      both.ifPresent(any -> joined.removeLast());
      joined.add(both.orElse(next));
    }
    return List.copyOf(joined);
  }
}
