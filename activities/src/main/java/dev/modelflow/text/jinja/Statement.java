package dev.modelflow.text.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a template that is done in its turn. */
sealed interface Statement {
  record Data(Text text, int line) implements Statement {}

  record Output(Expression of) implements Statement {}

  /** The first branch whose condition holds. */
  record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

  record Branch(Expression when, List<Statement> body) {}

  record For(
      List<String> names,
      Expression over,
      @Nullable Expression when,
      List<Statement> body,
      List<Statement> otherwise,
      int line)
      implements Statement {}

  /**
   * Sets a variable.
   *
   * @param field of a namespace; null: the variable itself
   */
  record Set(String name, @Nullable String field, Expression value, int line)
      implements Statement {}

  /** Sets a variable to what the body writes. */
  record Capture(String name, List<Statement> body) implements Statement {}
}
