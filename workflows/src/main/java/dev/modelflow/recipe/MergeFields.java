package dev.modelflow.recipe;

import static dev.modelflow.recipe.RecipeFields.optional;
import static dev.modelflow.recipe.RecipeFields.required;
import static dev.modelflow.recipe.RecipeFields.whole;

import java.util.List;

/** The keys of a merge, and the one that makes a training stage the mean of several. */
final class MergeFields {
  static final String INGREDIENTS = "ingredients";

  /** Stands for that many stages with seeds of their own and a merge of what they make. */
  static final Field SHORT_FORM =
      optional(
          INGREDIENTS,
          whole(2, 64),
          "Trains so many times, each with a seed of its own, and goes on with the mean of the"
              + " checkpoints.");

  static final List<Field> MERGE =
      List.of(
          required(
              "from",
              new FieldType.Items(DataFields.CHECKPOINT, 2),
              "The checkpoints whose mean is taken."),
          optional(
              "weights",
              new FieldType.Named(
                  "checkpoints of 'from' with their weights, e.g. {midtrain-1: 2, midtrain-2: 1}",
                  new FieldType.Real(0, true, 1e6)),
              "How much each checkpoint of `from` counts, as it is written there; without it, all"
                  + " alike."));

  private MergeFields() {}
}
