package dev.modelflow.text.jinja;

import dev.modelflow.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template's source as Jinja does with {@code trim_blocks} and {@code lstrip_blocks}, which
 * transformers sets: the line feed after a block is no output, nor is the white space before one
 * that begins its line.
 */
final class Lexer {
  /** Longest first. */
  private static final List<String> OPERATORS =
      List.of(
          "//", "==", "!=", ">=", "<=", "+", "-", "*", "%", "~", "[", "]", "(", ")", ">", "<", "=",
          ".", ":", "|", ",");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int lineOf;
  private boolean atLineStart = true;
  private int open;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> cut(String source) {
    String lines = source.replace("\r\n", "\n").replace('\r', '\n');
    Lexer lexer = new Lexer(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines);
    lexer.cut();
    return lexer.tokens;
  }

  private void cut() {
    while (at < source.length()) {
      int begin = nextTag();
      if (begin < 0) {
        data(source.substring(at));
        at = source.length();
      } else {
        char kind = source.charAt(begin + 1);
        char sign = begin + 2 < source.length() ? source.charAt(begin + 2) : ' ';
        boolean signed = sign == '-' || sign == '+';
        data(before(source.substring(at, begin), kind, sign));
        at = begin + (signed ? 3 : 2);
        tag(kind, begin);
      }
    }
    add(Kind.END, "", source.length());
  }

  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private String before(String data, char kind, char sign) {
    if (sign == '-') {
      return Text.of(data).stripped(false, true).chars();
    }
    int lineStart = data.lastIndexOf('\n') + 1;
    boolean begins = lineStart > 0 || atLineStart;
    boolean strip = sign != '+' && kind != '{' && begins && isSpace(data.substring(lineStart));
    return strip ? data.substring(0, lineStart) : data;
  }

  private static boolean isSpace(String text) {
    return text.chars().allMatch(c -> Text.isSpace((char) c));
  }

  private void tag(char kind, int begin) {
    switch (kind) {
      case '#' -> comment(begin);
      case '{' -> {
        add(Kind.OUTPUT_BEGIN, "{{", begin);
        inside(begin, "}}");
        add(Kind.OUTPUT_END, "}}", at);
      }
      default -> {
        add(Kind.BLOCK_BEGIN, "{%", begin);
        inside(begin, "%}");
        add(Kind.BLOCK_END, "%}", at);
      }
    }
  }

  private void comment(int begin) {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw refused(begin, "begins a comment that does not end");
    }
    char sign = end > at ? source.charAt(end - 1) : ' ';
    close(end + 2, sign, true);
  }

  /** Goes behind a tag's end, and what white space belongs to it. */
  private void close(int end, char sign, boolean trimLine) {
    int after = end;
    if (sign == '-') {
      while (after < source.length() && Text.isSpace(source.charAt(after))) {
        after++;
      }
    } else if (sign != '+' && trimLine && after < source.length() && source.charAt(after) == '\n') {
      after++;
    }
    at = after;
    atLineStart = source.charAt(after - 1) == '\n';
  }

  private void inside(int begin, String end) {
    open = 0;
    while (at < source.length()) {
      if (open == 0 && closes(end)) {
        return;
      }
      char c = source.charAt(at);
      if (Text.isSpace(c)) {
        at++;
      } else if (c == '\'' || c == '"') {
        StringLiteral string = StringLiteral.read(source, at, lineAt(at));
        add(Kind.STRING, string.text(), at);
        at = string.end();
      } else if (isDigit(c)) {
        word(Kind.NUMBER);
      } else if (isLetter(c)) {
        word(Kind.NAME);
      } else {
        operator();
      }
    }
    throw refused(begin, "begins a tag that does not end");
  }

  private boolean closes(String end) {
    char sign = source.charAt(at);
    boolean block = end.equals("%}");
    boolean signed = sign == '-' || (sign == '+' && block);
    int begin = signed ? at + 1 : at;
    if (!source.startsWith(end, begin)) {
      return false;
    }
    close(begin + 2, signed ? sign : ' ', block);
    return true;
  }

  private void word(Kind kind) {
    int begin = at;
    while (at < source.length() && (isLetter(source.charAt(at)) || isDigit(source.charAt(at)))) {
      at++;
    }
    String word = source.substring(begin, at);
    if (kind == Kind.NUMBER) {
      boolean fraction =
          at + 1 < source.length() && source.charAt(at) == '.' && isDigit(source.charAt(at + 1));
      if (fraction || !word.matches("0|[1-9][0-9]{0,8}")) {
        throw refused(begin, "has the number '%s': write a whole one".formatted(word));
      }
    }
    add(kind, word, begin);
  }

  private void operator() {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, at) && !source.startsWith("**", at)) {
        open += "[(".contains(operator) ? 1 : "])".contains(operator) ? -1 : 0;
        if (open < 0) {
          throw refused(at, "has a '%s' too many".formatted(operator));
        }
        add(Kind.OPERATOR, operator, at);
        at += operator.length();
        return;
      }
    }
    String found = source.startsWith("**", at) ? "**" : Character.toString(source.codePointAt(at));
    throw refused(at, "has '%s' in an expression".formatted(found));
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      add(Kind.DATA, text, at);
    }
  }

  private void add(Kind kind, String text, int place) {
    tokens.add(new Token(kind, text, lineAt(place)));
  }

  private JinjaException refused(int place, String what) {
    int before = (int) source.substring(0, place).chars().filter(c -> c == '\n').count();
    return new JinjaException(before + 1, what);
  }

  private int lineAt(int place) {
    for (; lineOf < place; lineOf++) {
      line += source.charAt(lineOf) == '\n' ? 1 : 0;
    }
    return line;
  }
}
