package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What an artifact is. */
public enum ArtifactKind {
  CORPUS("corpus"),
  TOKEN_SET("token-set"),
  TOKENIZER("tokenizer"),
  CHECKPOINT("checkpoint"),
  PREFERENCE_SET("preference-set"),
  PROMPT_SET("prompt-set"),
  EVALUATION("evaluation"),
  RELEASE("release");

  private final String word;

  ArtifactKind(String word) {
    this.word = word;
  }

  /** The word that recipes, the ledger, the API and people use. */
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static ArtifactKind of(String word) {
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
                            .map(ArtifactKind::word)
                            .collect(Collectors.joining(", "))));
  }

  @Override
  public String toString() {
    return word;
  }
}
