package dev.modelflow.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSetTest {
  @TempDir Path folder;

  @Test
  void givesBackDocumentsWithTheirEndOfText() {
    write();
    try (TokenSet set = TokenSet.open(folder)) {
      assertThat(set.tokens()).isEqualTo(6);
      assertThat(set.documents()).isEqualTo(3);
      assertThat(set.bytes()).isEqualTo(30);
      assertThat(set.tokenizer()).isEqualTo("abc");
      assertThat(set.document(0)).containsExactly(5, 65_535, 0);
      assertThat(set.document(1)).containsExactly(0);
      assertThat(set.document(2)).containsExactly(7, 0);
      assertThat(set.bytes(2)).isEqualTo(8);
      assertThat(set.names()).extracting(TokenSet.Name::id).containsExactly("a", "b", "c");
    }
  }

  @Test
  void knowsWhereEachDocumentBegins() {
    write();
    try (TokenSet set = TokenSet.open(folder)) {
      long[] starts = new long[4];
      Arrays.setAll(starts, set::start);
      assertThat(starts).containsExactly(0, 3, 4, 6);
    }
  }

  @Test
  void refusesACutFile() throws IOException {
    write();
    Files.write(folder.resolve("tokens.bin"), new byte[5]);
    assertThatThrownBy(() -> TokenSet.open(folder))
        .isInstanceOf(TextException.class)
        .hasMessageContaining("tokens.bin has 5 bytes, but tokenset.json asks for 12");
  }

  @Test
  void holdsTheIdsOfALargeVocabulary() {
    Tokenizer dolma2 = Dolma2.create();
    try (TokenSetWriter writer = new TokenSetWriter(folder, "abc", dolma2)) {
      writer.add("a", "glosses", new int[] {5, 100_264}, 22);
      writer.add("b", "glosses", dolma2.encode("Hello"), 5);
    }
    try (TokenSet set = TokenSet.open(folder)) {
      assertThat(set.endOfText()).isEqualTo(100_257);
      assertThat(set.document(0)).containsExactly(5, 100_264, 100_257);
      assertThat(set.document(1)).containsExactly(9906, 100_257);
    }
    assertThat(folder.resolve("tokenset.json")).content().contains("\"format\" : 2");
  }

  @Test
  void aTrainedTokenizersSetIsOfTheFirstFormat() {
    try (TokenSetWriter writer = new TokenSetWriter(folder, "abc", SampleTokenizer.create())) {
      writer.add("a", "glosses", new int[] {5}, 1);
    }
    assertThat(folder.resolve("tokenset.json")).content().doesNotContain("format", "bits");
    assertThat(folder.resolve("tokens.bin")).hasSize(4);
  }

  @Test
  void refusesAnIdThatItsBitsDoNotHold() {
    try (TokenSetWriter writer = new TokenSetWriter(folder, "abc")) {
      assertThatThrownBy(() -> writer.add("a", "glosses", new int[] {65_536}, 1))
          .hasMessage("Token 65536 does not fit the set's 16 bits: expected 0 to 65535");
    }
  }

  @Test
  void refusesAFormatThatIsNotKnown() throws IOException {
    write();
    Path summary = folder.resolve("tokenset.json");
    Files.writeString(
        summary, Files.readString(summary).replace("\"bytes\"", "\"format\": 3, \"bytes\""));
    assertThatThrownBy(() -> TokenSet.open(folder))
        .isInstanceOf(TextException.class)
        .hasMessageContaining("is a token set of format 3 with ids of 0 bits: expected format 1");
  }

  private void write() {
    try (TokenSetWriter writer = new TokenSetWriter(folder, "abc")) {
      writer.add("a", "glosses", new int[] {5, 65_535}, 22);
      writer.add("b", "glosses", new int[] {}, 0);
      writer.add("c", "code", new int[] {7}, 8);
    }
  }
}
