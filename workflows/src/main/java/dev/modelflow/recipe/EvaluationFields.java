package dev.modelflow.recipe;

import static dev.modelflow.recipe.RecipeFields.required;
import static dev.modelflow.recipe.RecipeFields.value;
import static dev.modelflow.recipe.RecipeFields.whole;

import java.util.List;

/** The keys of an evaluation. */
final class EvaluationFields {
  static final List<Field> EVALUATE =
      List.of(
          required("from", DataFields.CHECKPOINT, "The checkpoint that is measured."),
          required("questions", DataFields.SYNTHETIC, "Stage whose held-out questions are asked."),
          required("data", DataFields.CURATED, "Stage whose held-out text is read."),
          value(
              "heldOutTokens",
              whole(0, Integer.MAX_VALUE),
              60_000L,
              "Tokens of held-out text, spread evenly over its sources; 0: none."),
          value(
              "mathsQuestions",
              whole(0, Integer.MAX_VALUE),
              400L,
              "Most questions of each family that is no needle; 0: none."),
          value(
              "needleQuestions",
              whole(0, Integer.MAX_VALUE),
              100L,
              "Most needles for the old and for the new context, each; 0: none."),
          value("maxNewTokens", RecipeFields.count(), 32L, "Longest answer."));

  private EvaluationFields() {}
}
