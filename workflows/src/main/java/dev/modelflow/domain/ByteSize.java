package dev.modelflow.domain;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write them. */
public final class ByteSize {
  private static final Pattern FORM =
      Pattern.compile(
          "([0-9]{1,9}(?:\\.[0-9]{1,3})?) ?(?:([KMGT])(I?))?B", Pattern.CASE_INSENSITIVE);

  private ByteSize() {}

  /**
   * The number that {@code text} says, such as 20GB, 1.5TB or 512MiB.
   *
   * @throws IllegalArgumentException naming the text when it says none
   */
  public static long parse(String text) {
    Matcher parts = FORM.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "'%s': expected a number of bytes such as 500MB, 20GB or 1.5TiB".formatted(text));
    }
    BigDecimal number = new BigDecimal(parts.group(1));
    if (parts.group(2) == null) {
      return number.longValue();
    }
    int power = 1 + "KMGT".indexOf(parts.group(2).toUpperCase(Locale.ROOT));
    int step = parts.group(3).isEmpty() ? 1000 : 1024;
    return number.multiply(BigDecimal.valueOf(step).pow(power)).longValue();
  }
}
