package dev.modelflow.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  void findsTheDocumentOfAToken() {
    write();
    try (TokenSet set = TokenSet.open(folder)) {
      int[] documents = new int[6];
      for (int i = 0; i < 6; i++) {
        documents[i] = set.documentAt(i);
      }
      assertThat(documents).containsExactly(0, 0, 0, 1, 2, 2);
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

  private void write() {
    try (TokenSetWriter writer = new TokenSetWriter(folder, "abc")) {
      writer.add("a", "glosses", new int[] {5, 65_535}, 22);
      writer.add("b", "glosses", new int[] {}, 0);
      writer.add("c", "code", new int[] {7}, 8);
    }
  }
}
