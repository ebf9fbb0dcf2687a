package dev.modelflow.text.jinja;

/** A template has what is not computed here, or cannot be rendered with what it was given. */
public sealed class JinjaException extends RuntimeException permits BoundException {
  private static final long serialVersionUID = 1;

  /**
   * What is wrong.
   *
   * @param what completes "line 3 ..."
   */
  JinjaException(int line, String what) {
    super("line %d %s".formatted(line, what));
  }
}
