package dev.modelflow.recipe;

import dev.modelflow.domain.Fingerprint;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.TrainerName;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The key of stages that several trainer processes can share, and what it must fit. */
final class RankFields {
  private static final String KEY = Fingerprint.RANKS;
  private static final long MOST = 64;

  private static final Set<StageKind> KINDS =
      EnumSet.of(
          StageKind.PRETRAIN,
          StageKind.MIDTRAIN,
          StageKind.LONG_CONTEXT,
          StageKind.SFT,
          StageKind.DPO,
          StageKind.RLVR);

  /** What ranks divide among them: each gets at least one. */
  private static final List<String> SHARED = List.of("rows", "batchPairs", "promptsPerStep");

  private RankFields() {}

  /** The keys of a stage of this kind: none where its work cannot be shared. */
  static List<Field> of(StageKind kind) {
    return KINDS.contains(kind)
        ? List.of(
            RecipeFields.optional(
                KEY,
                RecipeFields.whole(1, MOST),
                "Trainer processes that share every step, each on a GPU of its own, or all on the"
                    + " processor; without it, one. No part of what the stage is: a branch may change"
                    + " it."))
        : List.of();
  }

  static void check(RecipeChecks recipe, StageSpec stage) {
    long ranks = RecipeFields.whole(stage.values(), KEY);
    String trainer = TrainerName.of(stage.values());
    if (ranks > 1 && !trainer.equals(TrainerName.ENGINE)) {
      recipe.at(
          recipe.path(stage) + "." + KEY,
          "trainer '%s' decides itself how many processes it has: leave the key out"
              .formatted(trainer));
    }
    for (String shared : SHARED) {
      stage
          .number(shared)
          .map(Number::longValue)
          .filter(count -> count < ranks)
          .ifPresent(
              count ->
                  recipe.at(
                      recipe.path(stage) + "." + KEY,
                      "%d ranks cannot share a step of '%s: %d': lower one or raise the other"
                          .formatted(ranks, shared, count)));
    }
  }
}
