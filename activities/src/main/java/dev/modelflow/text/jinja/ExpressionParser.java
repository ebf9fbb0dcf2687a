package dev.modelflow.text.jinja;

import dev.modelflow.text.jinja.Expression.Link;
import dev.modelflow.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads expressions: operators, the weakest first, between operands. */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final Tokens tokens;
  private final PrimaryParser primaries;
  private final PostfixParser postfixes;

  /**
   * A parser.
   *
   * @param read gets the names of the variables that are read
   */
  ExpressionParser(Tokens tokens, Set<String> read) {
    CallParser calls = new CallParser(tokens, this);
    this.tokens = tokens;
    primaries = new PrimaryParser(tokens, this, calls, read);
    postfixes = new PostfixParser(tokens, this, calls, primaries);
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
      value = primaries.primary();
    }
    value = postfixes.behind(value);
    return filters ? postfixes.filtered(value) : value;
  }
}
