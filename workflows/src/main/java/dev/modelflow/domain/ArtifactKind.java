package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What an artifact is. */
public enum ArtifactKind implements Word {
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

  @Override
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static ArtifactKind of(String word) {
    return Word.find(values(), word);
  }

  @Override
  public String toString() {
    return word;
  }
}
