package dev.modelflow.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A template of which every part is computed as transformers computes it. */
public final class Jinja {
  /** Most characters that a rendering writes. */
  public static final int LONGEST = Budget.MOST_CHARACTERS;

  private static final int MOST_CHARACTERS = 1 << 20;

  private final List<Statement> statements;
  private final Set<String> variables;

  private Jinja(List<Statement> statements, Set<String> variables) {
    this.statements = statements;
    this.variables = variables;
  }

  /**
   * Reads a template.
   *
   * @throws JinjaException naming the first part that is not computed, with its line
   */
  public static Jinja read(String source) {
    if (source.length() > MOST_CHARACTERS) {
      throw new JinjaException(1, "begins more than %d characters".formatted(MOST_CHARACTERS));
    }
    Set<String> read = new TreeSet<>();
    List<Statement> statements = new StatementParser(new Tokens(Lexer.cut(source)), read).all();
    return new Jinja(statements, read);
  }

  /** Whether it reads a variable of this name anywhere. */
  public boolean reads(String variable) {
    return variables.contains(variable);
  }

  /**
   * What it writes.
   *
   * @param variables by name; all others are undefined
   * @throws BoundException when it takes or writes too much
   * @throws JinjaException when it raises an exception, or does with a value what is not computed
   */
  public Text render(Map<String, Value> variables) {
    return new Rendering().render(statements, variables);
  }
}
