package dev.modelflow.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  @Property
  void isReadAsItWasWritten(
      @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long micros,
      @ForAll @NotEmpty String id) {
    Instant at = Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
    Cursor cursor = new Cursor(at, id);
    assertThat(Cursor.parse(cursor.encode())).isEqualTo(cursor);
  }

  @Property
  void refusesOtherTextsWithASentence(@ForAll String text) {
    try {
      Cursor.parse(text);
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageContaining("cannot be read");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "%", "MjAyNg", "IGFiYw"})
  void refusesWhatItDidNotMake(String text) {
    assertThatThrownBy(() -> Cursor.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
