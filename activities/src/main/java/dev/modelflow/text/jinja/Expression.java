package dev.modelflow.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of a template that has a value. */
sealed interface Expression {
  /** Of the template, from 1. */
  int line();

  record Literal(Value value, int line) implements Expression {}

  record Name(String name, int line) implements Expression {}

  record Listing(List<Expression> all, int line) implements Expression {}

  record Tuple(List<Expression> all, int line) implements Expression {}

  /** Both sides are computed. */
  record Binary(String operator, Expression left, Expression right, int line)
      implements Expression {}

  /** {@code and} or {@code or}: the right side is computed where it matters. */
  record Junction(boolean and, Expression left, Expression right, int line) implements Expression {}

  record Not(Expression of, int line) implements Expression {}

  record Negated(Expression of, int line) implements Expression {}

  /** A chain as {@code a < b < c}. */
  record Comparison(Expression first, List<Link> links, int line) implements Expression {}

  record Link(String operator, Expression other) {}

  record Choice(Expression when, Expression then, @Nullable Expression otherwise, int line)
      implements Expression {}

  record Attribute(Expression of, String name, int line) implements Expression {}

  record Item(Expression of, Expression index, int line) implements Expression {}

  record Slice(
      Expression of,
      @Nullable Expression from,
      @Nullable Expression to,
      @Nullable Expression step,
      int line)
      implements Expression {}

  /** A method of {@code on}, a filter or a test behind it, or a function: {@code on} is none. */
  record Call(Builtin builtin, @Nullable Expression on, Arguments arguments, int line)
      implements Expression {}

  record Arguments(List<Expression> plain, Map<String, Expression> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());
  }
}
