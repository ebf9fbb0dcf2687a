package dev.modelflow.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
  @Property(tries = 100)
  void documentsComeBackAsTheyWere(@ForAll @Size(max = 5) List<String> texts) throws IOException {
    Path file = Files.createTempFile("documents", ".jsonl.zst");
    List<Document> documents =
        texts.stream().map(text -> document(valid(text), Map.of("words", text.length()))).toList();
    JsonLines.writeAll(file, documents.stream());
    assertThat(JsonLines.readAll(file, Document.class)).isEqualTo(documents);
    byte[] first = Files.readAllBytes(file);
    JsonLines.writeAll(file, documents.stream());
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
    Files.delete(file);
  }

  @Test
  void documentsHaveDolmasKeys(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("documents.jsonl");
    JsonLines.writeAll(file, Stream.of(document("one", Map.of("b", 2, "a", 1))));
    assertThat(file)
        .hasContent(
            "{\"id\":\"d\",\"text\":\"one\",\"source\":\"s\",\"added\":\"2026-11-01\","
                + "\"created\":\"2024-01-02\",\"metadata\":{\"licence\":\"Apache-2.0\"},"
                + "\"attributes\":{\"a\":1,\"b\":2}}");
  }

  @Test
  void promptsLeaveOutWhatTheyLack(@TempDir Path folder) throws IOException {
    Prompt needle =
        new Prompt(
            "n1", "needle", PromptForm.COMPLETION, "code red=", "42", null, PromptContext.NEW);
    Prompt sum = new Prompt("s1", "sums", PromptForm.CHAT, "1+1?", "2", "1+1=2", null);
    Prompt.writeAll(folder, Stream.of(needle, sum));
    assertThat(Files.readAllLines(folder.resolve(Prompt.FILE)))
        .containsExactly(
            "{\"id\":\"n1\",\"family\":\"needle\",\"form\":\"completion\","
                + "\"prompt\":\"code red=\",\"answer\":\"42\",\"context\":\"new\"}",
            "{\"id\":\"s1\",\"family\":\"sums\",\"form\":\"chat\",\"prompt\":\"1+1?\","
                + "\"answer\":\"2\",\"solution\":\"1+1=2\"}");
    assertThat(Prompt.readAll(folder)).containsExactly(needle, sum);
  }

  @Test
  void namesTheLineThatIsWrong(@TempDir Path folder) throws IOException {
    Path file = folder.resolve(Conversation.FILE);
    Files.writeString(
        file,
        """
        {"id":"a","messages":[{"role":"assistant","content":"hi"}]}
        {"id":"b",
        """);
    assertThatThrownBy(() -> Conversation.readAll(folder))
        .isInstanceOf(TextException.class)
        .hasMessageContaining("Line 2 of " + file);
  }

  private static Document document(String text, Map<String, Object> attributes) {
    return new Document(
        "d", text, "s", "2026-11-01", "2024-01-02", Map.of("licence", "Apache-2.0"), attributes);
  }

  /** jqwik also makes unpaired surrogates, which UTF-8 cannot hold. */
  private static String valid(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
