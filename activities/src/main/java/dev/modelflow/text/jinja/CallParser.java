package dev.modelflow.text.jinja;

import dev.modelflow.text.jinja.Builtin.Role;
import dev.modelflow.text.jinja.Expression.Arguments;
import dev.modelflow.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads arguments, and calls what is computed with them. */
final class CallParser {
  private final Tokens tokens;
  private final ExpressionParser expressions;

  CallParser(Tokens tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  Arguments arguments() {
    tokens.requireOperator("(");
    List<Expression> plain = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.skipOperator(")")) {
      if (tokens.peek().is(Kind.NAME) && tokens.peekNext().isOperator("=")) {
        String name = tokens.requireName();
        tokens.next();
        named.put(name, expressions.expression());
      } else {
        plain.add(expressions.expression());
      }
      if (!tokens.peek().isOperator(")")) {
        tokens.requireOperator(",");
      }
    }
    return new Arguments(List.copyOf(plain), named);
  }

  Expression call(Builtin builtin, @Nullable Expression on, Arguments arguments, int line) {
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
