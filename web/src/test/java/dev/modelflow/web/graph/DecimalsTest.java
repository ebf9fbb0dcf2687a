package dev.modelflow.web.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import tools.jackson.databind.json.JsonMapper;

class DecimalsTest {
  @Property
  void tenthsAreAsNearAsTheyCanBe(@ForAll @DoubleRange(min = -1e6, max = 1e6) double value) {
    String text = tenths(value);
    assertThat(text).matches("-?[0-9]+\\.[0-9]").isNotEqualTo("-0.0");
    assertThat(Double.parseDouble(text)).isCloseTo(value, within(0.05 + 1e-9));
  }

  @Property
  void fiveDigitsAreJsonAndNear(@ForAll @DoubleRange(min = -1e12, max = 1e12) double value) {
    double read = JsonMapper.shared().readTree(fiveDigits(value)).asDouble();
    assertThat(read).isCloseTo(value, within(Math.abs(value) * 5e-5));
  }

  @Example
  void numbersArePlain() {
    assertThat(tenths(-0.04)).isEqualTo("0.0");
    assertThat(tenths(44)).isEqualTo("44.0");
    assertThat(tenths(-12.25)).isEqualTo("-12.3");
    assertThat(fiveDigits(2.345678)).isEqualTo("2.3457");
    assertThat(fiveDigits(0)).isEqualTo("0");
    assertThat(fiveDigits(Double.NaN)).isEqualTo("null");
  }

  private static String tenths(double value) {
    StringBuilder text = new StringBuilder();
    Decimals.tenths(text, value);
    return text.toString();
  }

  private static String fiveDigits(double value) {
    StringBuilder text = new StringBuilder();
    Decimals.fiveDigits(text, value);
    return text.toString();
  }
}
