package dev.modelflow.text.jinja;

import dev.modelflow.text.jinja.Builtin.Role;
import dev.modelflow.text.jinja.Expression.Arguments;
import dev.modelflow.text.jinja.Expression.Link;
import dev.modelflow.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads expressions, the weakest operators first. */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

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

  /** What Python has on its mappings, so that a field of this name is not what Jinja finds. */
  static final Set<String> PYTHONS =
      Set.of(
          "get",
          "items",
          "keys",
          "values",
          "copy",
          "pop",
          "popitem",
          "update",
          "clear",
          "setdefault",
          "fromkeys");

  private final Tokens tokens;
  private final Set<String> read;

  /**
   * A parser.
   *
   * @param read gets the names of the variables that are read
   */
  ExpressionParser(Tokens tokens, Set<String> read) {
    this.tokens = tokens;
    this.read = read;
  }

  Expression expression() {
    tokens.enter();
    int line = tokens.line();
    Expression value = withoutChoice();
    while (tokens.skipName("if")) {
      Expression when = withoutChoice();
      Expression otherwise = tokens.skipName("else") ? expression() : null;
      value = new Expression.Choice(when, value, otherwise, line);
    }
    tokens.leave();
    return value;
  }

  /** What a loop goes over: an {@code if} behind it is the loop's. */
  Expression withoutChoice() {
    tokens.enter();
    int line = tokens.line();
    Expression left = conjunction();
    while (tokens.skipName("or")) {
      left = new Expression.Junction(false, left, conjunction(), line);
    }
    tokens.leave();
    return left;
  }

  private Expression conjunction() {
    int line = tokens.line();
    Expression left = negation();
    while (tokens.skipName("and")) {
      left = new Expression.Junction(true, left, negation(), line);
    }
    return left;
  }

  private Expression negation() {
    int line = tokens.line();
    if (!tokens.skipName("not")) {
      return comparison();
    }
    tokens.enter();
    Expression not = new Expression.Not(negation(), line);
    tokens.leave();
    return not;
  }

  private Expression comparison() {
    int line = tokens.line();
    Expression first = sum();
    List<Link> links = new ArrayList<>();
    for (String operator = comparing(); operator != null; operator = comparing()) {
      links.add(new Link(operator, sum()));
    }
    return links.isEmpty() ? first : new Expression.Comparison(first, List.copyOf(links), line);
  }

  private @Nullable String comparing() {
    Token token = tokens.peek();
    if (token.is(Kind.OPERATOR) && COMPARISONS.contains(token.text())) {
      return tokens.next().text();
    }
    if (tokens.skipName("in")) {
      return "in";
    }
    if (token.isName("not") && tokens.peekNext().isName("in")) {
      tokens.next();
      tokens.next();
      return "not in";
    }
    return null;
  }

  private Expression sum() {
    Expression left = concatenation();
    while (tokens.peek().isOperator("+") || tokens.peek().isOperator("-")) {
      Token operator = tokens.next();
      left = new Expression.Binary(operator.text(), left, concatenation(), operator.line());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (tokens.peek().isOperator("~")) {
      int line = tokens.next().line();
      left = new Expression.Binary("~", left, product(), line);
    }
    return left;
  }

  private Expression product() {
    Expression left = signed(true);
    while (tokens.peek().isOperator("*")
        || tokens.peek().isOperator("//")
        || tokens.peek().isOperator("%")) {
      Token operator = tokens.next();
      left = new Expression.Binary(operator.text(), left, signed(true), operator.line());
    }
    return left;
  }

  private Expression signed(boolean filters) {
    int line = tokens.line();
    Expression value;
    if (tokens.skipOperator("-")) {
      tokens.enter();
      value = new Expression.Negated(signed(false), line);
      tokens.leave();
    } else {
      value = primary();
    }
    value = behind(value);
    return filters ? filtered(value) : value;
  }

  private Expression primary() {
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
          yield call(function, null, arguments(), token.line());
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
      return new Expression.Listing(List.of(), line);
    }
    Expression first = expression();
    if (tokens.skipOperator(")")) {
      return first;
    }
    tokens.requireOperator(",");
    List<Expression> all = new ArrayList<>(List.of(first));
    all.addAll(list(")"));
    return new Expression.Listing(List.copyOf(all), line);
  }

  private List<Expression> list(String end) {
    List<Expression> all = new ArrayList<>();
    while (!tokens.skipOperator(end)) {
      all.add(expression());
      if (!tokens.peek().isOperator(end)) {
        tokens.requireOperator(",");
      }
    }
    return List.copyOf(all);
  }

  private Expression behind(Expression value) {
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
      return call(Builtin.of(Role.METHOD, name, line), of, arguments(), line);
    }
    if (name.startsWith("_")
        || PYTHONS.contains(name)
        || Builtin.find(Role.METHOD, name).isPresent()) {
      throw new JinjaException(line, "reads '.%s', which is Python's".formatted(name));
    }
    return new Expression.Attribute(of, name, line);
  }

  private Expression subscript(Expression of, int line) {
    Expression from = tokens.peek().isOperator(":") ? null : expression();
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
    return tokens.peek().isOperator(":") || tokens.peek().isOperator("]") ? null : expression();
  }

  private Expression filtered(Expression value) {
    Expression all = value;
    while (true) {
      int line = tokens.line();
      if (tokens.skipOperator("|")) {
        Builtin filter = Builtin.of(Role.FILTER, tokens.requireName(), line);
        Arguments given = tokens.peek().isOperator("(") ? arguments() : Arguments.NONE;
        all = call(filter, all, given, line);
      } else if (tokens.skipName("is")) {
        boolean not = tokens.skipName("not");
        Builtin test = Builtin.of(Role.TEST, tokens.requireName(), line);
        Expression tested = call(test, all, tested(test), line);
        all = not ? new Expression.Not(tested, line) : tested;
      } else {
        return all;
      }
    }
  }

  private Arguments tested(Builtin test) {
    if (tokens.peek().isOperator("(")) {
      return arguments();
    }
    return test.most() == 0 ? Arguments.NONE : new Arguments(List.of(behind(primary())), Map.of());
  }

  private Arguments arguments() {
    tokens.requireOperator("(");
    List<Expression> plain = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.skipOperator(")")) {
      if (tokens.peek().is(Kind.NAME) && tokens.peekNext().isOperator("=")) {
        String name = tokens.requireName();
        tokens.next();
        named.put(name, expression());
      } else {
        plain.add(expression());
      }
      if (!tokens.peek().isOperator(")")) {
        tokens.requireOperator(",");
      }
    }
    return new Arguments(List.copyOf(plain), named);
  }

  private Expression call(Builtin builtin, @Nullable Expression on, Arguments arguments, int line) {
    builtin.requireFits(arguments, line);
    Expression attribute = arguments.plain().size() > 1 ? arguments.plain().get(1) : null;
    if (builtin.name().endsWith("attr")
        && attribute != null
        && !(attribute instanceof Expression.Literal(Text test, int _)
            && Builtin.find(Role.TEST, test.chars()).isPresent())) {
      throw new JinjaException(
          line, "gives the filter '%s' a test that is not known".formatted(builtin.name()));
    }
    return new Expression.Call(builtin, on, arguments, line);
  }
}
