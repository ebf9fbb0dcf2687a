package dev.modelflow.curate;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What stands in a source's artifact. */
enum Format {
  /** WordNet's {@code data.*} files: a document a synset, its words, gloss and examples. */
  @JsonProperty("wordnet")
  WORDNET,
  /** HTML pages: a document a page. */
  @JsonProperty("javadoc")
  JAVADOC,
  /** Java files: a document a file. */
  @JsonProperty("java")
  JAVA
}
