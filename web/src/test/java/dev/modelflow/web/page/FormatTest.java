package dev.modelflow.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {
  private static final Instant NOW = Instant.parse("2026-11-23T22:35:01Z");
  private final Format format = new Format(Clock.fixed(NOW, ZoneOffset.UTC));

  @ParameterizedTest
  @CsvSource({"999,999 B", "1000,1.0 kB", "12399890,12 MB", "999999,1.0 MB", "1500000000,1.5 GB"})
  void writesBytes(long bytes, String text) {
    assertThat(format.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0.000",
    "2.2413,2.241",
    "12.3456,12.35",
    "123.456,123.5",
    "0.0001,1.00e-04",
    "-0.5,-0.500"
  })
  void writesNumbers(double value, String text) {
    assertThat(format.number(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0,0 s", "59,59 s", "60,1 min", "528,8 min 48 s", "7500,2 h 5 min", "90000,1 d 1 h"})
  void writesDurations(long seconds, String text) {
    assertThat(format.duration(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"2,just now", "40,40 s ago", "180,3 min ago", "7200,2 h ago", "90000,yesterday"})
  void saysHowLongAgo(long seconds, String text) {
    assertThat(format.ago(NOW.minusSeconds(seconds))).isEqualTo(text);
  }

  @Test
  void writesKeysOfARecipe() {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("schedule", "cosine");
    keys.put("skipStep", Map.of("window", 128L));
    assertThat(format.keys(keys)).isEqualTo("schedule cosine, skipStep {window:128}");
  }

  @Test
  void writesNothingAsADash() {
    assertThat(format.number(null)).isEqualTo("–");
    assertThat(format.took(null, null)).isEqualTo("–");
  }
}
