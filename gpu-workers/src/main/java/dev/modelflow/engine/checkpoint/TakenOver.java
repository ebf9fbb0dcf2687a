package dev.modelflow.engine.checkpoint;

import dev.modelflow.text.GenerationConfig;
import dev.modelflow.text.TemplateFile;
import dev.modelflow.text.TokenizerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * Files of a published model that an import takes over as they are where the recipe pins them. They
 * lie beside the tokenizer and go with it into every checkpoint that is made from there on.
 */
public final class TakenOver {
  /** Their names. */
  public static final List<String> FILES =
      List.of(GenerationConfig.FILE, TemplateFile.NAME, TokenizerConfig.FILE);

  private TakenOver() {}

  /** Copies those beside {@code tokenizer} into {@code folder}, which then holds no others. */
  static void copy(Path tokenizer, Path folder) throws IOException {
    for (String file : FILES) {
      Path from = tokenizer.resolveSibling(file);
      Path into = folder.resolve(file);
      if (Files.exists(from)) {
        Files.copy(from, into, StandardCopyOption.REPLACE_EXISTING);
      } else {
        // Trainers of others write some of their own, which say nothing of the published model.
        Files.deleteIfExists(into);
      }
    }
  }

  /** The first that is not the same beside two tokenizers, or is beside one of them alone. */
  static Optional<String> difference(Path tokenizer, Path other) throws IOException {
    for (String file : FILES) {
      if (!same(tokenizer.resolveSibling(file), other.resolveSibling(file))) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static boolean same(Path one, Path other) throws IOException {
    if (!Files.exists(one) || !Files.exists(other)) {
      return Files.notExists(one) && Files.notExists(other);
    }
    return Files.mismatch(one, other) < 0;
  }
}
