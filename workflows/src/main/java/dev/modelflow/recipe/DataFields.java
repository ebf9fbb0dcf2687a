package dev.modelflow.recipe;

import static dev.modelflow.recipe.RecipeFields.optional;
import static dev.modelflow.recipe.RecipeFields.required;

import dev.modelflow.domain.StageKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The keys of the stages that make data and of the release. */
final class DataFields {
  /** Kinds whose result is a checkpoint. */
  static final Set<StageKind> TRAINING = EnumSet.range(StageKind.PRETRAIN, StageKind.RLVR);

  static final FieldType CURATED = new FieldType.StageName(Set.of(StageKind.CURATE));
  static final FieldType SYNTHETIC = new FieldType.StageName(Set.of(StageKind.SYNTHESIZE));
  static final FieldType CHECKPOINT = new FieldType.Checkpoint(TRAINING);

  static final List<Field> SYNTHESIZE = List.of();

  static final List<Field> CURATE =
      List.of(
          optional(
              "synthetic",
              SYNTHETIC,
              "Stage whose documents join the pool and whose held-out questions are kept out."));

  static final List<Field> RELEASE =
      List.of(required("from", CHECKPOINT, "The checkpoint that is released."));

  private DataFields() {}
}
