package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a stage of a recipe does. */
public enum StageKind {
  SYNTHESIZE("synthesize"),
  CURATE("curate"),
  PRETRAIN("pretrain"),
  MIDTRAIN("midtrain"),
  LONG_CONTEXT("long-context"),
  SFT("sft"),
  DPO("dpo"),
  RLVR("rlvr"),
  EVALUATE("evaluate"),
  RELEASE("release");

  private final String word;

  StageKind(String word) {
    this.word = word;
  }

  /** The word that recipes, the ledger, the API and people use. */
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static StageKind of(String word) {
    return Arrays.stream(values())
        .filter(value -> value.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + word
                        + "' is not one of: "
                        + Arrays.stream(values())
                            .map(StageKind::word)
                            .collect(Collectors.joining(", "))));
  }

  @Override
  public String toString() {
    return word;
  }
}
