package dev.modelflow.recipe;

import static dev.modelflow.recipe.RecipeFields.optional;
import static dev.modelflow.recipe.RecipeFields.positive;
import static dev.modelflow.recipe.RecipeFields.required;
import static dev.modelflow.recipe.RecipeFields.value;
import static dev.modelflow.recipe.RecipeFields.whole;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The keys of a microanneal: what is compared, and how one anneal is trained. */
final class MicroannealFields {
  /** Keys of midtrain that an anneal decides by itself. */
  private static final Set<String> DECIDED =
      Set.of(
          "trainer",
          "mix",
          "firstMix",
          "firstSteps",
          "schedule",
          "scheduleSteps",
          "decaySteps",
          "decayFraction",
          "finalLearningRate",
          "finalFraction",
          "warmupSteps",
          "warmupFraction",
          "learningRate",
          MergeFields.INGREDIENTS);

  static final List<Field> MICROANNEAL = microanneal();

  private MicroannealFields() {}

  private static List<Field> microanneal() {
    List<Field> fields =
        new ArrayList<>(
            List.of(
                required(
                    "web",
                    new FieldType.Weights(),
                    "The mix that every anneal reads beside its candidate; alone, it is what"
                        + " candidates are compared with."),
                required(
                    "candidates",
                    new FieldType.Named(
                        "candidates with their mixes, e.g. {maths: {sums: 1}}",
                        new FieldType.Weights()),
                    "The data sets to compare, each a mix under a name."),
                value(
                    "targetShare",
                    new FieldType.Real(0, true, 1),
                    0.5,
                    "Share of the candidate in its anneals' tokens; the web has the rest."),
                value("seeds", whole(1, 64), 2L, "Anneals of each candidate and of the web alone."),
                required(
                    "rankBy",
                    new FieldType.Items(
                        new FieldType.Text("[a-z0-9-]{1,100}", "a task, e.g. problems"), 1),
                    "Tasks of the evaluation, all of one metric, whose mean ranks the candidates."),
                value(
                    "annealPool",
                    RecipeFields.pool(),
                    "gpu",
                    "The workers that may run the anneals; `pool` has those that rank.")));
    // Where an anneal begins and what it reads comes first, as in every other table.
    fields.addAll(0, taken().filter(field -> field.type().isReference()).toList());
    fields.addAll(taken().filter(field -> !field.type().isReference()).toList());
    fields.add(
        optional(
            "learningRate",
            positive(),
            "Learning rate at the start, which falls evenly to 0; without it, the last one of the"
                + " checkpoint."));
    return List.copyOf(fields);
  }

  /** The keys of midtrain that an anneal has as well; those of every stage are added elsewhere. */
  private static Stream<Field> taken() {
    return TrainingFields.MIDTRAIN.stream().filter(field -> !DECIDED.contains(field.name()));
  }
}
