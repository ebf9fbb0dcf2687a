package dev.modelflow.adapter;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.OlmoCoreRotary;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.Yarn;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageSpec;

/** Models that OLMo-core would compute otherwise; the shape of an imported one no recipe knows. */
final class RotaryCheck {
  private RotaryCheck() {}

  /**
   * Throws a {@link StageFailure} of class recipe for a model whose context it stretches otherwise.
   *
   * @param trainer that has OLMo-core compute the model
   */
  static void require(StageSpec spec, ModelConfig model, String trainer) {
    Yarn yarn = model.yarn();
    if (yarn != null
        && !OlmoCoreRotary.agrees(model.headSize(), model.ropeBase(), yarn.originalContext())) {
      throw new StageFailure(
          FailureClass.RECIPE,
          "Stage %s: %s"
              .formatted(
                  spec.stage(),
                  OlmoCoreRotary.difference(
                      trainer, model.headSize(), model.ropeBase(), yarn.originalContext())));
    }
  }
}
