package dev.modelflow.plan;

import dev.modelflow.recipe.ModelShape;
import dev.modelflow.recipe.StageSpec;

/** What each kind of stage takes. */
final class Costs {
  private Costs() {}

  static Cost of(StageSpec stage, ModelShape model) {
    return switch (stage.kind()) {
      case SYNTHESIZE, CURATE, MICROANNEAL, RELEASE -> Cost.NONE;
      case IMPORT, MERGE -> of(model, 0, 0);
      case PRETRAIN, MIDTRAIN, LONG_CONTEXT, SFT -> {
        long row = number(stage, "rowLength", model.context());
        long tokens = number(stage, "steps", 0) * number(stage, "rows", 1) * row;
        yield of(model, tokens, FlopCount.training(model, tokens, row));
      }
      case DPO -> dpo(stage, model);
      case RLVR -> rlvr(stage, model);
      case EVALUATE -> {
        long tokens = number(stage, "heldOutTokens", 0);
        yield of(model, tokens, FlopCount.forward(model, tokens, model.context()));
      }
    };
  }

  /**
   * Two answers a pair, trained on, and read once by the reference; none longer than the context.
   */
  private static Cost dpo(StageSpec stage, ModelShape model) {
    long row = model.context();
    long trained = number(stage, "steps", 0) * number(stage, "batchPairs", 1) * 2 * row;
    long read = number(stage, "pairs", 0) * 2 * row;
    double flops = FlopCount.training(model, trained, row) + FlopCount.forward(model, read, row);
    return of(model, trained, flops);
  }

  /** Every answer is written once and trained on once; none longer than the context. */
  private static Cost rlvr(StageSpec stage, ModelShape model) {
    long row = model.context();
    long answers =
        number(stage, "steps", 0)
            * number(stage, "promptsPerStep", 1)
            * number(stage, "groupSize", 1);
    long tokens = answers * row;
    double flops = FlopCount.training(model, tokens, row) + FlopCount.forward(model, tokens, row);
    return of(model, tokens, flops);
  }

  private static Cost of(ModelShape model, long tokens, double flops) {
    return new Cost(ParameterCount.of(model), ParameterCount.active(model), tokens, flops);
  }

  private static long number(StageSpec stage, String key, long otherwise) {
    return stage.number(key).map(Number::longValue).orElse(otherwise);
  }
}
