package dev.modelflow.text.jinja;

import dev.modelflow.text.jinja.Builtin.Role;
import dev.modelflow.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what an operand begins with: a literal, a variable, a function, a list, a parenthesis. */
final class PrimaryParser {
  /** What Jinja and transformers have beside a template's variables. */
  private static final Set<String> GLOBALS =
      Set.of(
          "strftime_now",
          "raise_exception",
          "namespace",
          "range",
          "dict",
          "lipsum",
          "cycler",
          "joiner");

  private static final Set<String> KEYWORDS =
      Set.of("and", "or", "not", "in", "is", "if", "else", "elif", "for", "recursive");

  private final Tokens tokens;
  private final ExpressionParser expressions;
  private final CallParser calls;
  private final Set<String> read;

  /**
   * A parser.
   *
   * @param read gets the names of the variables that are read
   */
  PrimaryParser(Tokens tokens, ExpressionParser expressions, CallParser calls, Set<String> read) {
    this.tokens = tokens;
    this.expressions = expressions;
    this.calls = calls;
    this.read = read;
  }

  Expression primary() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case NAME -> name();
      case NUMBER -> {
        tokens.next();
        yield literal(new Value.Whole(Long.parseLong(token.text())), token);
      }
      case STRING -> strings();
      case OPERATOR -> {
        if (token.isOperator("(")) {
          yield parenthesis();
        }
        if (token.isOperator("[")) {
          tokens.next();
          yield new Expression.Listing(list("]"), token.line());
        }
        throw tokens.unexpected("a value");
      }
      default -> throw tokens.unexpected("a value");
    };
  }

  private static Expression literal(Value value, Token token) {
    return new Expression.Literal(value, token.line());
  }

  /** Those that stand beside each other are one. */
  private Expression strings() {
    Token first = tokens.peek();
    StringBuilder text = new StringBuilder();
    while (tokens.peek().is(Kind.STRING)) {
      text.append(tokens.next().text());
    }
    return literal(Text.of(text.toString()), first);
  }

  private Expression name() {
    Token token = tokens.next();
    return switch (token.text()) {
      case "true", "True" -> literal(new Value.Truth(true), token);
      case "false", "False" -> literal(new Value.Truth(false), token);
      case "none", "None" -> literal(Value.Nothing.NONE, token);
      default -> {
        if (KEYWORDS.contains(token.text())) {
          throw new JinjaException(
              token.line(), "has '%s' where a value should be".formatted(token.text()));
        }
        if (tokens.peek().isOperator("(")) {
          Builtin function = Builtin.of(Role.FUNCTION, token.text(), token.line());
          yield calls.call(function, null, calls.arguments(), token.line());
        }
        if (GLOBALS.contains(token.text())) {
          throw new JinjaException(
              token.line(), "uses '%s', which is not computed".formatted(token.text()));
        }
        read.add(token.text());
        yield new Expression.Name(token.text(), token.line());
      }
    };
  }

  private Expression parenthesis() {
    int line = tokens.next().line();
    if (tokens.skipOperator(")")) {
      return new Expression.Tuple(List.of(), line);
    }
    Expression first = expressions.expression();
    if (tokens.skipOperator(")")) {
      return first;
    }
    tokens.requireOperator(",");
    List<Expression> all = new ArrayList<>(List.of(first));
    all.addAll(list(")"));
    return new Expression.Tuple(List.copyOf(all), line);
  }

  private List<Expression> list(String end) {
    List<Expression> all = new ArrayList<>();
    while (!tokens.skipOperator(end)) {
      all.add(expressions.expression());
      if (!tokens.peek().isOperator(end)) {
        tokens.requireOperator(",");
      }
    }
    return List.copyOf(all);
  }
}
