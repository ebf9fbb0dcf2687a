package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a stage of a recipe does. */
public enum StageKind implements Word {
  SYNTHESIZE("synthesize"),
  CURATE("curate"),
  IMPORT("import"),
  PRETRAIN("pretrain"),
  MIDTRAIN("midtrain"),
  LONG_CONTEXT("long-context"),
  SFT("sft"),
  DPO("dpo"),
  RLVR("rlvr"),
  MERGE("merge"),
  EVALUATE("evaluate"),
  MICROANNEAL("microanneal"),
  RELEASE("release");

  private final String word;

  StageKind(String word) {
    this.word = word;
  }

  @Override
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static StageKind of(String word) {
    return Word.find(values(), word);
  }

  @Override
  public String toString() {
    return word;
  }
}
