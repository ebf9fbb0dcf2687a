package dev.modelflow.recipe;

import static dev.modelflow.recipe.RecipeFields.notNegative;
import static dev.modelflow.recipe.RecipeFields.optional;
import static dev.modelflow.recipe.RecipeFields.positive;
import static dev.modelflow.recipe.RecipeFields.required;
import static dev.modelflow.recipe.RecipeFields.value;
import static dev.modelflow.recipe.RecipeFields.whole;

import java.util.List;

/** The keys of the block {@code model}. */
final class ModelFields {
  static final List<Field> ALL =
      List.of(
          required("layers", whole(1, 256), "Decoder blocks."),
          required("width", whole(8, 65_536), "Width of the residual stream."),
          required("heads", whole(1, 1024), "Attention heads."),
          optional(
              "keyValueHeads",
              whole(1, 1024),
              "Heads of keys and values, each for as many neighbouring heads; without it, `heads`."),
          optional(
              "headSize",
              whole(2, 65_536),
              "Size of a head's vectors; without it, the heads share the width evenly."),
          required(
              "feedForward",
              whole(8, 262_144),
              "Inner width of the SwiGLU; of each expert's with `experts`."),
          required(
              "vocabulary",
              whole(280, 262_144),
              "Rows of the embedding: entries of the tokenizer that `curate` trains (256 bytes, special"
                  + " tokens, merges), or at least those of a published one."),
          required("context", whole(8, 1 << 20), "Longest sequence in tokens."),
          value(
              "slidingWindow",
              whole(0, 1 << 20),
              0L,
              "Position i of a sliding layer sees i-w+1..i. Each fourth layer and the last see all;"
                  + " 0: every layer does."),
          value("ropeBase", positive(), 500_000.0, "Base of the rotary positions."),
          optional(
              "tiedHead",
              new FieldType.Flag(),
              "Whether the embeddings are the head's matrix too; without it, they are not."),
          optional(
              "experts",
              new FieldType.Group(
                  List.of(
                      required("count", whole(2, 1024), "Experts of a block."),
                      required("perToken", whole(1, 1024), "Experts that each token goes to."),
                      value(
                          "balanceLoss",
                          notNegative(),
                          0.01,
                          "Weight of the load-balancing loss; 0: none."),
                      value(
                          "routerZLoss",
                          notNegative(),
                          0.001,
                          "Weight of the routers' z-loss; 0: none."))),
              "A mixture of experts in the place of every block's SwiGLU, each `feedForward` wide;"
                  + " without it, there is one."));

  private ModelFields() {}
}
