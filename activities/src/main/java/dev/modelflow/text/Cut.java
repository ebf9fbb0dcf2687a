package dev.modelflow.text;

import java.util.Arrays;
import java.util.Optional;

/** How text is cut into the pieces within which byte pairs may merge. */
enum Cut {
  /** Of the tokenizers that curate trains. */
  TRAINED(Pieces.PATTERN, "starcoder") {
    @Override
    int end(String text, int start) {
      return Pieces.end(text, start);
    }
  },
  /** Of dolma2 and others in the shape of cl100k. */
  CL100K(Cl100kPieces.PATTERN, "dbrx") {
    @Override
    int end(String text, int start) {
      return Cl100kPieces.end(text, start);
    }
  },
  /** Of GPT-2. */
  GPT2(Gpt2Pieces.PATTERN, "gpt-2") {
    @Override
    int end(String text, int start) {
      return Gpt2Pieces.end(text, start);
    }
  };

  private final String pattern;
  private final String inLlamaCpp;

  Cut(String pattern, String inLlamaCpp) {
    this.pattern = pattern;
    this.inLlamaCpp = inLlamaCpp;
  }

  /** Takes the pieces in order. */
  @FunctionalInterface
  interface Sink {
    void accept(int start, int end);
  }

  /** The cut that a regular expression of {@code tokenizer.json} describes, if it is known. */
  static Optional<Cut> of(String pattern) {
    return Arrays.stream(values()).filter(cut -> cut.pattern.equals(pattern)).findFirst();
  }

  /** The cut as a regular expression in Oniguruma's syntax. */
  String pattern() {
    return pattern;
  }

  /** llama.cpp's name for the cut. Its "starcoder" differs in white space before a digit. */
  String inLlamaCpp() {
    return inLlamaCpp;
  }

  /** Where the piece ends that begins at {@code start}, which is within the text. */
  abstract int end(String text, int start);

  void cut(String text, Sink sink) {
    int start = 0;
    while (start < text.length()) {
      int end = end(text, start);
      sink.accept(start, end);
      start = end;
    }
  }
}
