package dev.modelflow.release;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.modelflow.weights.ElementType;

/** What type a release's weights are of, by the recipe's words. */
enum WeightType {
  /** As checkpoints have them. */
  @JsonProperty("float32")
  FLOAT32(ElementType.F32, "float32"),
  /** Half as large, and what most models are published in. */
  @JsonProperty("bf16")
  BF16(ElementType.BF16, "bfloat16");

  private final ElementType stored;
  private final String torchName;

  WeightType(ElementType stored, String torchName) {
    this.stored = stored;
    this.torchName = torchName;
  }

  /** How the files have them. */
  ElementType stored() {
    return stored;
  }

  /** What {@code config.json} calls it. */
  String torchName() {
    return torchName;
  }
}
