package dev.modelflow.text.jinja;

import dev.modelflow.text.jinja.Builtin.Role;
import dev.modelflow.text.jinja.Expression.Arguments;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what stands behind a value: fields, items, methods, filters, tests. */
final class PostfixParser {
  private final Tokens tokens;
  private final ExpressionParser expressions;
  private final CallParser calls;
  private final PrimaryParser primaries;

  PostfixParser(
      Tokens tokens, ExpressionParser expressions, CallParser calls, PrimaryParser primaries) {
    this.tokens = tokens;
    this.expressions = expressions;
    this.calls = calls;
    this.primaries = primaries;
  }

  /** A value with the fields, items and methods that follow it. */
  Expression behind(Expression value) {
    Expression all = value;
    while (true) {
      int line = tokens.line();
      if (tokens.skipOperator(".")) {
        all = attribute(all, line);
      } else if (tokens.skipOperator("[")) {
        all = subscript(all, line);
      } else if (tokens.peek().isOperator("(")) {
        throw new JinjaException(line, "calls what is no function");
      } else {
        return all;
      }
    }
  }

  private Expression attribute(Expression of, int line) {
    String name = tokens.requireName();
    if (tokens.peek().isOperator("(")) {
      return calls.call(Builtin.of(Role.METHOD, name, line), of, calls.arguments(), line);
    }
    if (PythonNames.hidesField(name) || Builtin.find(Role.METHOD, name).isPresent()) {
      throw new JinjaException(line, "reads '.%s', which is Python's".formatted(name));
    }
    return new Expression.Attribute(of, name, line);
  }

  private Expression subscript(Expression of, int line) {
    Expression from = tokens.peek().isOperator(":") ? null : expressions.expression();
    if (from != null && tokens.skipOperator("]")) {
      return new Expression.Item(of, from, line);
    }
    tokens.requireOperator(":");
    Expression to = bound();
    Expression step = tokens.skipOperator(":") ? bound() : null;
    tokens.requireOperator("]");
    return new Expression.Slice(of, from, to, step, line);
  }

  private @Nullable Expression bound() {
    return tokens.peek().isOperator(":") || tokens.peek().isOperator("]")
        ? null
        : expressions.expression();
  }

  /** A value with the filters and tests that follow it. */
  Expression filtered(Expression value) {
    Expression all = value;
    while (true) {
      int line = tokens.line();
      if (tokens.skipOperator("|")) {
        Builtin filter = Builtin.of(Role.FILTER, tokens.requireName(), line);
        Arguments given = tokens.peek().isOperator("(") ? calls.arguments() : Arguments.NONE;
        all = calls.call(filter, all, given, line);
      } else if (tokens.skipName("is")) {
        boolean not = tokens.skipName("not");
        Builtin test = Builtin.of(Role.TEST, tokens.requireName(), line);
        Expression tested = calls.call(test, all, tested(test), line);
        all = not ? new Expression.Not(tested, line) : tested;
      } else {
        return all;
      }
    }
  }

  private Arguments tested(Builtin test) {
    if (tokens.peek().isOperator("(")) {
      return calls.arguments();
    }
    return test.most() == 0
        ? Arguments.NONE
        : new Arguments(List.of(behind(primaries.primary())), Map.of());
  }
}
