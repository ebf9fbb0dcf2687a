package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.TokenSet;
import dev.modelflow.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Whether a tokenizer, a model and tokens go together. */
final class Vocabulary {
  private Vocabulary() {}

  /**
   * The tokenizer of a folder, whose every token has a vector in the model's embedding.
   *
   * @throws StageFailure naming the first token that has none
   */
  static Tokenizer requireFits(Path folder, ModelConfig model) {
    Tokenizer tokenizer = Tokenizer.read(folder);
    int first = model.vocabulary();
    if (tokenizer.vocabularySize() > first) {
      throw new StageFailure(
          FailureClass.DATA,
          "%s has %d tokens and the model's embedding %d: token %d, '%s', has no vector; use the tokenizer that the model was trained with"
              .formatted(
                  Tokenizer.FILE,
                  tokenizer.vocabularySize(),
                  first,
                  first,
                  new String(tokenizer.bytes(first), StandardCharsets.UTF_8)));
    }
    return tokenizer;
  }

  /** SHA-256 of a folder's tokenizer, as token sets name the one that made them. */
  static String digest(Path folder) throws IOException {
    return Digests.of(folder.resolve(Tokenizer.FILE)).hex();
  }

  /**
   * Refuses tokens of another tokenizer than the model's, in which the same ids mean other text.
   *
   * @param tokenizer the digest of the model's
   */
  static void requireMadeBy(String tokenizer, String source, TokenSet tokens) {
    if (!tokens.tokenizer().equals(tokenizer)) {
      throw new StageFailure(
          FailureClass.RECIPE,
          "The tokens of %s were made by the tokenizer %s and the model reads those of %s: use data of its own tokenizer"
              .formatted(source, tokens.tokenizer(), tokenizer));
    }
  }
}
