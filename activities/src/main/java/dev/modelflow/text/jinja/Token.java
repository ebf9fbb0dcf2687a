package dev.modelflow.text.jinja;

/**
 * A piece of a template's source.
 *
 * @param text of strings what they stand for, of all others what is written
 */
record Token(Kind kind, String text, int line) {
  enum Kind {
    /** What is written as it stands. */
    DATA,
    OUTPUT_BEGIN,
    OUTPUT_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    NUMBER,
    STRING,
    OPERATOR,
    END
  }

  boolean is(Kind wanted) {
    return kind == wanted;
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }
}
