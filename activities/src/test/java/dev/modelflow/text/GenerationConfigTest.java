package dev.modelflow.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationConfigTest {
  @TempDir private Path folder;

  private Map<String, Object> taken(String text) throws IOException {
    Files.writeString(folder.resolve(GenerationConfig.FILE), text);
    return GenerationConfig.taken(folder);
  }

  @Test
  void howAnswersAreDrawnIsTaken() throws IOException {
    assertThat(GenerationConfig.taken(folder)).isEmpty();
    assertThat(
            taken(
                """
                {"do_sample": false, "temperature": 2, "top_p": 1.0, "top_k": 0,
                 "max_new_tokens": 1, "repetition_penalty": 1.05}
                """))
        .isEqualTo(
            Map.of(
                "do_sample",
                false,
                "temperature",
                2,
                "top_p",
                1.0,
                "top_k",
                0,
                "max_new_tokens",
                1,
                "repetition_penalty",
                1.05));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"do_sample\": 1",
        "\"do_sample\": \"true\"",
        "\"temperature\": 0",
        "\"temperature\": 1e400",
        "\"temperature\": \"0.6\"",
        "\"temperature\": null",
        "\"top_p\": 1.01",
        "\"top_p\": true",
        "\"top_k\": -1",
        "\"top_k\": 50.0",
        "\"max_new_tokens\": 0",
        "\"max_new_tokens\": 4294967297",
        "\"repetition_penalty\": [1.1]",
        "\"eos_token_id\": 7",
        "\"num_beams\": 4"
      })
  void nothingElseIs(String entry) throws IOException {
    assertThat(taken("{" + entry + "}")).isEmpty();
  }

  @Test
  void aFileThatIsNoJsonIsRefused() {
    assertThatThrownBy(() -> taken("{\"temperature\": NaN}"))
        .isInstanceOf(TextException.class)
        .hasMessageStartingWith("Cannot read " + folder.resolve("generation_config.json"));
  }
}
