package dev.modelflow.text;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which context length a needle prompt is for. */
public enum PromptContext {
  /** Fits the context that the model was pretrained with. */
  @JsonProperty("old")
  OLD,
  /** Needs the context after its extension. */
  @JsonProperty("new")
  NEW
}
