package dev.modelflow.adapter;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.FollowedKeys;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageSpec;
import java.util.Set;
import java.util.TreeSet;

/** Looks once more, where a stage is trained, for keys that its trainer is not told of. */
final class KeyCheck {
  private KeyCheck() {}

  /** Refuses every such key, so that none is silently without effect. */
  static void require(StageSpec spec, String trainer) {
    Set<String> others = new TreeSet<>(spec.settings().keys());
    others.removeAll(FollowedKeys.of(trainer, spec.kind()));
    if (!others.isEmpty()) {
      throw new StageFailure(
          FailureClass.RECIPE,
          "stages.%s.%s is set, but trainer %s does not follow it: leave it out, or train with modelflow"
              .formatted(spec.stage(), others.iterator().next(), trainer));
    }
  }
}
