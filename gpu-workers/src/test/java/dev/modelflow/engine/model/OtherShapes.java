package dev.modelflow.engine.model;

/** Models as others publish them, which no recipe can ask for. */
public final class OtherShapes {
  private OtherShapes() {}

  /** The same model with heads of another size than their even share of the width. */
  public static ModelConfig withHeadSize(ModelConfig model, int size) {
    return with(model, size, model.tied());
  }

  /** The same model with one matrix for embeddings and head. */
  public static ModelConfig withTiedHead(ModelConfig model) {
    return with(model, model.headSize(), true);
  }

  private static ModelConfig with(ModelConfig model, int headSize, boolean tied) {
    return new ModelConfig(
        model.layers(),
        model.width(),
        model.heads(),
        model.keyValueHeads(),
        headSize,
        model.feedForward(),
        model.vocabulary(),
        model.context(),
        model.slidingWindow(),
        model.ropeBase(),
        model.yarn(),
        tied,
        model.experts());
  }
}
