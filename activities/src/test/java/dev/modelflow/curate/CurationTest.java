package dev.modelflow.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelflow.domain.Digest;
import dev.modelflow.text.Document;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurationTest {
  private static final String CODE =
      """
      /* A licence. */
      package a;

      /** Adds numbers and says how many there were of them. */
      public final class Sums {
        int add(int a, int b) {
          return a + b;
        }
      }
      // These are some more words so that the file is long enough to be kept by the rules.
      """;

  @TempDir Path folder;

  @Test
  void everyStepSaysWhatItRemovedAndWhy() throws IOException {
    Pool pool = curation().run(files(), List.of(made("sums:1", "12+13=520")), questions());
    assertThat(pool.removals())
        .extracting(Removal::id, Removal::step, Removal::reason, Removal::match)
        .containsExactlyInAnyOrder(
            tuple("code:code-1.0:a/Short.java", "quality", "words", null),
            tuple("javadoc:javadoc-1.0:index.html", "quality", "words", null),
            tuple(
                "code:code-1.0:b/Sums.java",
                "exact-duplicates",
                "same text",
                "code:code-1.0:a/Sums.java"),
            tuple(
                "glosses:glosses-1.0:wn/data.noun#00000003",
                "contamination",
                "holds a question",
                "q"));
    assertThat(pool.documents())
        .extracting(Document::id)
        .containsExactly(
            "code:code-1.0:a/Sums.java",
            "glosses:glosses-1.0:wn/data.noun#00000001",
            "glosses:glosses-1.0:wn/data.noun#00000002",
            "sums:1");
    assertThat(pool.reports())
        .extracting(StepReport::step)
        .containsExactly(
            "repeated-lines",
            "quality",
            "exact-duplicates",
            "near-duplicates",
            "contamination",
            "split");
    for (StepReport report : pool.reports()) {
      assertThat(report.documentsKept())
          .isEqualTo(report.documentsIn() - report.documentsRemoved());
      assertThat(report.bytesKept()).isEqualTo(report.bytesIn() - report.bytesRemoved());
    }
  }

  @Test
  void documentsKeepWhereTheyComeFrom() throws IOException {
    Map<SourcePin, Path> files = files();
    Pool pool = curation().run(files, List.of(), List.of());
    Document code = pool.documents().getFirst();
    assertThat(code.text()).startsWith("package a;").endsWith("rules.");
    SourcePin pin =
        files.keySet().stream()
            .filter(each -> each.format() == Format.JAVA)
            .findAny()
            .orElseThrow();
    assertThat(code.metadata())
        .containsEntry("artifact", "org.example:code:1.0")
        .containsEntry("artifactSha256", pin.sha256())
        .containsEntry("path", "a/Sums.java")
        .containsEntry("sha256", Digest.of(CODE).hex())
        .containsEntry("licence", "Apache-2.0");
    assertThat(code.created()).isEqualTo("2026-01-01");
  }

  @Test
  void glossesAreWordsAndWhatTheyMean() throws IOException {
    Pool pool = curation().run(files(), List.of(), List.of());
    assertThat(pool.documents())
        .extracting(Document::text)
        .contains(
            "ice cream, sundae: frozen dessert of cream; \"we ate ice cream\"",
            "galore: existing in abundance or plenty of it");
  }

  @Test
  void aLimitTakesTheSameDocumentsEachTime() throws IOException {
    Map<String, String> entries = new TreeMap<>();
    for (int i = 0; i < 50; i++) {
      entries.put("p/C" + i + ".java", CODE.replace("Sums", "Sums" + i));
    }
    Path file = folder.resolve("many.jar");
    SourcePin pin = Jars.pin(file, Format.JAVA, entries);
    SourcePin limited =
        new SourcePin(
            pin.name(),
            pin.artifact(),
            pin.sha256(),
            pin.licence(),
            pin.published(),
            pin.format(),
            10);
    List<Document> some = Extractor.extract(limited, file);
    assertThat(some).hasSize(10);
    assertThat(Extractor.extract(pin, file)).hasSize(50).containsAll(some);
  }

  private Map<SourcePin, Path> files() throws IOException {
    Map<SourcePin, Path> files = new LinkedHashMap<>();
    Path glosses = folder.resolve("glosses.jar");
    String data =
        """
          1 licence | text
        00000001 03 n 02 ice_cream 0 sundae 0 000 | frozen dessert of cream; "we ate ice cream" \s
        00000002 03 a 01 galore(ip) 0 000 | existing in abundance or plenty of it \s
        00000003 03 n 01 sample 0 000 | Tom has 38 apples and gets 90 more, how many \s
        """;
    files.put(Jars.pin(glosses, Format.WORDNET, Map.of("wn/data.noun", data)), glosses);
    Path code = folder.resolve("code.jar");
    Map<String, String> sources =
        Map.of("a/Sums.java", CODE, "b/Sums.java", CODE, "a/Short.java", "package a;\nclass B {}");
    files.put(Jars.pin(code, Format.JAVA, sources), code);
    Path pages = folder.resolve("javadoc.jar");
    Map<String, String> html = Map.of("index.html", "<body><p>Overview<p>Nothing more.</body>");
    files.put(Jars.pin(pages, Format.JAVADOC, html), pages);
    return files;
  }

  private static Curation curation() {
    return new Curation(
        new CurateParameters(300, List.of(), true, 0.8, 0.5, 0, 1_000_000), line -> {});
  }

  private static List<Prompt> questions() {
    String text = "Tom has 38 apples and gets 90 more. How many has he?";
    return List.of(new Prompt("q", "problems", PromptForm.CHAT, text, "128", null, null));
  }

  private static Document made(String id, String text) {
    return new Document(id, text, "sums", "2026-11-01", "2026-11-01", Map.of(), Map.of());
  }
}
