package dev.modelflow.adapter;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.TrainerName;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageSpec;
import java.util.Set;
import java.util.TreeSet;

/** The keys of a stage that a trainer of others is told of: those of all training, and its own. */
final class FollowedKeys {
  private static final Set<String> OF_ALL =
      Set.of(
          TrainerName.KEY,
          "steps",
          "learningRate",
          "finalLearningRate",
          "schedule",
          "warmupSteps",
          "weightDecay",
          "beta1",
          "beta2",
          "gradientClip",
          "checkpointEvery",
          "metricsEvery");

  private FollowedKeys() {}

  /** Refuses every other key, so that none is silently without effect. */
  static void require(StageSpec spec, String trainer, Set<String> own) {
    Set<String> others = new TreeSet<>(spec.settings().keys());
    others.removeAll(OF_ALL);
    others.removeAll(own);
    if (!others.isEmpty()) {
      throw new StageFailure(
          FailureClass.RECIPE,
          "stages.%s.%s is set, but trainer %s does not follow it: leave it out, or train with modelflow"
              .formatted(spec.stage(), others.iterator().next(), trainer));
    }
  }
}
