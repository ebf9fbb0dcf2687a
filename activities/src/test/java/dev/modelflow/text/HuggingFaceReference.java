package dev.modelflow.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Hugging Face's own library with a {@code tokenizer.json}; close it to free it. */
final class HuggingFaceReference implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;

  HuggingFaceReference(Path file) throws IOException {
    tokenizer =
        HuggingFaceTokenizer.newInstance(
            file, Map.of("addSpecialTokens", "false", "truncation", "false"));
  }

  /** The tokens of a text, special ones where they are written out. */
  int[] encode(String text) {
    return Arrays.stream(tokenizer.encode(text, false, false).getIds())
        .mapToInt(id -> (int) id)
        .toArray();
  }

  /** The text of tokens, special ones written out. */
  String decode(int[] ids) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), false);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
