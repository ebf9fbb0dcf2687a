package dev.modelflow.curate;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.text.Document;
import dev.modelflow.text.Dolma2;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.worker.StageFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a curation's tokenizer comes from. */
sealed interface TokenizerChoice {
  /** It is trained on the curation's own text. */
  record Trained() implements TokenizerChoice {}

  /** It is dolma2. */
  record Published() implements TokenizerChoice {}

  /** It is an imported model's, to the byte, so that both have one digest. */
  record Imported(Path folder) implements TokenizerChoice {}

  /** What the stage's parameters and inputs say. */
  static TokenizerChoice of(
      Map<String, ? extends @Nullable Object> parameters, Map<String, Path> inputs) {
    Path imported = inputs.get("tokenizer");
    if (imported != null) {
      return new Imported(imported);
    }
    Object name = parameters.get("tokenizer");
    if (name == null) {
      return new Trained();
    }
    if (name.equals(Dolma2.NAME)) {
      return new Published();
    }
    throw recipe("tokenizer is '%s': expected %s".formatted(name, Dolma2.NAME));
  }

  /**
   * Writes {@code tokenizer.json} into the folder.
   *
   * @param train the documents that are learnt from
   */
  default Tokenizer write(List<Document> train, CurateParameters parameters, Path folder) {
    Tokenizer tokenizer =
        switch (this) {
          case Trained() -> trained(train, parameters, folder);
          case Published() -> Tokenizer.read(Dolma2.write(folder));
          case Imported(Path from) -> copied(from, folder);
        };
    if (tokenizer.vocabularySize() > parameters.vocabulary()) {
      throw recipe(
          "The tokenizer has %d tokens and the model's vocabulary is %d: set model.vocabulary to at least %d"
              .formatted(
                  tokenizer.vocabularySize(), parameters.vocabulary(), tokenizer.vocabularySize()));
    }
    return tokenizer;
  }

  private static Tokenizer trained(List<Document> train, CurateParameters parameters, Path folder) {
    Tokenizer tokenizer =
        TokenizerTrainer.train(
            TokenizerSample.counts(train, parameters.tokenizerBytes()), parameters.vocabulary());
    tokenizer.write(folder);
    return tokenizer;
  }

  private static Tokenizer copied(Path from, Path folder) {
    Path file = folder.resolve(Tokenizer.FILE);
    try {
      Files.copy(from.resolve(Tokenizer.FILE), file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot copy the tokenizer of " + from, e);
    }
    return Tokenizer.read(file);
  }

  private static StageFailedException recipe(String message) {
    return new StageFailedException(FailureClass.RECIPE, message);
  }
}
