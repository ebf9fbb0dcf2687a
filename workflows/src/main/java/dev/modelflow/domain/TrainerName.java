package dev.modelflow.domain;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which trainer does a stage: the value of the recipe's key {@code trainer}. */
public final class TrainerName {
  /** The key among a stage's parameters. */
  public static final String KEY = "trainer";

  /** The engine of this platform, also where a stage names none. */
  public static final String ENGINE = "modelflow";

  /** OLMo-core's trainer. */
  public static final String OLMO_CORE = "olmo-core";

  /** Open-instruct's programs. */
  public static final String OPEN_INSTRUCT = "open-instruct";

  private static final List<StageKind> PRETRAINED =
      List.of(StageKind.PRETRAIN, StageKind.MIDTRAIN, StageKind.LONG_CONTEXT, StageKind.SFT);
  private static final List<StageKind> TUNED = List.of(StageKind.DPO, StageKind.RLVR);

  private TrainerName() {}

  /** The trainer of a stage with these parameters. */
  public static String of(Map<String, ? extends @Nullable Object> parameters) {
    return parameters.get(KEY) instanceof String name ? name : ENGINE;
  }

  /** The kinds of stages that a trainer other than the engine does. */
  public static List<StageKind> kinds(String trainer) {
    return switch (trainer) {
      case OLMO_CORE -> PRETRAINED;
      case OPEN_INSTRUCT -> TUNED;
      default -> List.of();
    };
  }

  /**
   * What a worker must be able to do for a stage, as it says so in the ledger: the kind's word,
   * with the trainer behind a slash where that is not the engine.
   */
  public static String work(StageKind kind, String trainer) {
    return trainer.equals(ENGINE) ? kind.word() : kind.word() + "/" + trainer;
  }

  /** The same for a stage with these parameters. */
  public static String work(StageKind kind, Map<String, ? extends @Nullable Object> parameters) {
    return work(kind, of(parameters));
  }
}
