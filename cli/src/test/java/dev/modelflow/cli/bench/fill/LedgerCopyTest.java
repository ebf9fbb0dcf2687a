package dev.modelflow.cli.bench.fill;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LedgerCopyTest {
  @Property
  void aFieldStaysOnItsLineAndInItsColumnAndCanBeReadBack(@ForAll String text) {
    String field = LedgerCopy.field(text);
    assertThat(field).doesNotContain("\n", "\r", "\t");
    assertThat(unescaped(field)).isEqualTo(text);
  }

  @Example
  void nothingDiffersFromTheTextThatStandsForIt() {
    assertThat(LedgerCopy.field(null)).isEqualTo("\\N");
    assertThat(LedgerCopy.field("\\N")).isEqualTo("\\\\N");
  }

  /** As Postgres reads the text format. */
  private static String unescaped(String field) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      char each = field.charAt(i);
      if (each == '\\') {
        i++;
        text.append(
            switch (field.charAt(i)) {
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              default -> field.charAt(i);
            });
      } else {
        text.append(each);
      }
    }
    return text.toString();
  }
}
