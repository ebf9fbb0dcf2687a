package dev.modelflow.text;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a prompt is put to a model. */
public enum PromptForm {
  /** As the user's turn of a conversation. */
  @JsonProperty("chat")
  CHAT,
  /** As the beginning of a text that the model continues. */
  @JsonProperty("completion")
  COMPLETION
}
