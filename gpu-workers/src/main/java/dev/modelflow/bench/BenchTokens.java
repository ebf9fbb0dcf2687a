package dev.modelflow.bench;

import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.TokenSetWriter;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tokenizer, and made-up tokens in documents of several kinds. */
final class BenchTokens {
  /** The source whose documents fill a row each, which the packer has no work with. */
  static final String ROWS = "glosses";

  private static final int TRAINED = 260;
  private static final int DOCUMENTS = 1000;
  private static final int SPECIALS = 4;

  /** Shares as in the tiny flow's pretrain, and documents about as long as there. */
  private static final List<Kind> MIXED =
      List.of(
          new Kind("short-glosses", 0.56, 10, 60),
          new Kind("short-javadoc", 0.09, 30, 300),
          new Kind("short-code", 0.13, 100, 1000),
          new Kind("short-repeats", 0.04, 20, 120),
          new Kind("short-sums", 0.125, 8, 24),
          new Kind("short-needles", 0.055, 100, 430));

  private BenchTokens() {}

  /**
   * A source.
   *
   * @param share of the mix's tokens
   * @param shortest tokens of a document, at least
   * @param longest tokens of a document, at most
   */
  private record Kind(String name, double share, int shortest, int longest) {}

  /** The mix of short documents. */
  static Map<String, Double> mixed() {
    Map<String, Double> mix = new LinkedHashMap<>();
    MIXED.forEach(kind -> mix.put(kind.name(), kind.share()));
    return mix;
  }

  /** Writes them; returns the folder of each of a stage's roles. */
  static Map<String, String> write(Path folder, BenchSize size) throws IOException {
    Path tokenizer =
        TokenizerTrainer.train(new WordCounts(), TRAINED)
            .write(Files.createDirectories(folder.resolve("tokenizer")));
    Map<String, String> inputs = new LinkedHashMap<>();
    inputs.put("tokenizer", folder.resolve("tokenizer").toString());
    String digest = Digests.of(tokenizer).hex();
    int row = size.context() - 1;
    write(folder, new Kind(ROWS, 1, row, row), size, digest, inputs);
    for (Kind kind : MIXED) {
      write(folder, kind, size, digest, inputs);
    }
    return inputs;
  }

  private static void write(
      Path folder, Kind kind, BenchSize size, String tokenizer, Map<String, String> inputs)
      throws IOException {
    Path own = Files.createDirectories(folder.resolve(kind.name()));
    CounterRandom random = CounterRandom.of(1, kind.name());
    try (TokenSetWriter writer = new TokenSetWriter(own, tokenizer)) {
      for (int document = 0; document < DOCUMENTS; document++) {
        CounterRandom tokens = random.at(document);
        int length = kind.shortest() + random.below(kind.longest() - kind.shortest() + 1, document);
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
          ids[i] = SPECIALS + tokens.below(size.vocabulary() - SPECIALS, i);
        }
        writer.add("d" + document, kind.name(), ids, length);
      }
    }
    inputs.put("tokens." + kind.name(), own.toString());
  }
}
