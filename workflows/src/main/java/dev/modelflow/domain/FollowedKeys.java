package dev.modelflow.domain;

import java.util.HashSet;
import java.util.Set;

/** The keys of a stage that a trainer of others is told of: those of all training, and its own. */
public final class FollowedKeys {
  private static final Set<String> OF_ALL =
      Set.of(
          TrainerName.KEY,
          // At most 1 with trainers of others.
          Fingerprint.RANKS,
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

  private static final Set<String> OLMO_CORE =
      Set.of(
          "mix",
          "firstMix",
          "firstSteps",
          "contextFactor",
          "rows",
          "rowLength",
          "microBatchTokens",
          "zLoss",
          "instanceFilter",
          "scheduleSteps",
          "decaySteps",
          "precision",
          "activationCheckpointing",
          "skipStep",
          "embeddingDeviation",
          "linearDeviation",
          "outputNorm");

  private static final Set<String> DPO =
      Set.of("pairs", "heldOutPairs", "batchPairs", "beta", "maxNewTokens");

  private static final Set<String> RLVR =
      Set.of(
          "promptsPerStep",
          "groupSize",
          "samplingRounds",
          "reward",
          "temperature",
          "clipLow",
          "clipHigh",
          "importanceCap",
          "maxNewTokens");

  private FollowedKeys() {}

  /**
   * Every key that {@code trainer}, which is not the engine, is told of in a stage of this kind;
   * none where it does no such stage.
   */
  public static Set<String> of(String trainer, StageKind kind) {
    if (!TrainerName.kinds(trainer).contains(kind)) {
      return Set.of();
    }
    Set<String> keys = new HashSet<>(OF_ALL);
    keys.addAll(
        switch (kind) {
          case DPO -> DPO;
          case RLVR -> RLVR;
          default -> OLMO_CORE;
        });
    return Set.copyOf(keys);
  }
}
