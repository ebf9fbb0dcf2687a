package dev.modelflow.text.jinja;

/**
 * A string in an expression.
 *
 * @param text what it stands for
 * @param end the place behind it
 */
record StringLiteral(String text, int end) {
  static StringLiteral read(String source, int begin, int line) {
    char quote = source.charAt(begin);
    StringBuilder text = new StringBuilder();
    int at = begin + 1;
    while (at < source.length()) {
      char c = source.charAt(at++);
      if (c == quote) {
        return new StringLiteral(text.toString(), at);
      }
      if (c == '\\' && at < source.length()) {
        at = escape(source, at, line, text);
      } else {
        text.append(c);
      }
    }
    throw new JinjaException(line, "begins a text in quotes that does not end");
  }

  private static int escape(String source, int at, int line, StringBuilder text) {
    char c = source.charAt(at);
    switch (c) {
      case 'n' -> text.append('\n');
      case 't' -> text.append('\t');
      case 'r' -> text.append('\r');
      case '\\', '\'', '"' -> text.append(c);
      case 'x' -> text.append((char) hex(source, at + 1, 2, line));
      case 'u' -> text.append((char) hex(source, at + 1, 4, line));
      default ->
          throw new JinjaException(
              line, "has the escape '\\%s' in a text".formatted(Character.toString(c)));
    }
    return at + 1 + (c == 'x' ? 2 : c == 'u' ? 4 : 0);
  }

  private static int hex(String source, int from, int digits, int line) {
    String hex = source.substring(from, Math.min(source.length(), from + digits));
    if (!hex.matches("[0-9a-fA-F]{" + digits + "}")) {
      throw new JinjaException(line, "has an escape in a text without its digits");
    }
    return Integer.parseInt(hex, 16);
  }
}
