package dev.modelflow.bench;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** What linear layers compute in. */
public enum BenchPrecision {
  /** Single precision. */
  FLOAT32("float32", ScalarType.Float);

  private final String word;
  private final ScalarType type;

  BenchPrecision(String word, ScalarType type) {
    this.word = word;
    this.type = type;
  }

  /** As recipes say it. */
  public String word() {
    return word;
  }

  ScalarType type() {
    return type;
  }
}
