package dev.modelflow.text.jinja;

import dev.modelflow.text.jinja.Statement.Branch;
import dev.modelflow.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a template's statements. */
final class StatementParser {
  private final Tokens tokens;
  private final ExpressionParser expressions;

  /**
   * A parser.
   *
   * @param read gets the names of the variables that are read
   */
  StatementParser(Tokens tokens, Set<String> read) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens, read);
  }

  List<Statement> all() {
    List<Statement> all = until(Set.of());
    if (!tokens.peek().is(Kind.END)) {
      throw tokens.unexpected("another tag");
    }
    return all;
  }

  /** The statements before a block that begins with one of these names. */
  private List<Statement> until(Set<String> ends) {
    tokens.enter();
    List<Statement> all = new ArrayList<>();
    while (!tokens.peek().is(Kind.END)) {
      if (tokens.peek().is(Kind.BLOCK_BEGIN) && ends.contains(tokens.peekNext().text())) {
        break;
      }
      all.add(statement());
    }
    if (tokens.peek().is(Kind.END) && !ends.isEmpty()) {
      throw tokens.unexpected("'" + String.join("' or '", new TreeSet<>(ends)) + "'");
    }
    tokens.leave();
    return List.copyOf(all);
  }

  private Statement statement() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case DATA -> new Statement.Data(Text.of(token.text()), token.line());
      case OUTPUT_BEGIN -> {
        Expression output = expressions.expression();
        tokens.require(Kind.OUTPUT_END, "'}}'");
        yield new Statement.Output(output);
      }
      case BLOCK_BEGIN -> block(token.line());
      default ->
          throw new JinjaException(
              token.line(), "has '%s' out of its place".formatted(token.text()));
    };
  }

  private Statement block(int line) {
    String name = tokens.requireName();
    return switch (name) {
      case "if" -> condition();
      case "for" -> loop(line);
      case "set" -> set(line);
      default ->
          throw new JinjaException(
              line, "has the block '%s', which is none of if, for, set".formatted(name));
    };
  }

  private void endOfBlock() {
    tokens.require(Kind.BLOCK_END, "'%}'");
  }

  /** Goes behind the beginning of a block that {@link #until} has stopped at. */
  private String ending() {
    tokens.next();
    return tokens.requireName();
  }

  private Statement condition() {
    List<Branch> branches = new ArrayList<>();
    String ending = "elif";
    while (ending.equals("elif")) {
      Expression when = expressions.expression();
      endOfBlock();
      branches.add(new Branch(when, until(Set.of("elif", "else", "endif"))));
      ending = ending();
    }
    List<Statement> otherwise = List.of();
    if (ending.equals("else")) {
      endOfBlock();
      otherwise = until(Set.of("endif"));
      ending();
    }
    endOfBlock();
    return new Statement.If(List.copyOf(branches), otherwise);
  }

  private Statement loop(int line) {
    List<String> names = new ArrayList<>(List.of(target()));
    while (tokens.skipOperator(",")) {
      names.add(target());
    }
    if (!tokens.skipName("in")) {
      throw tokens.unexpected("'in'");
    }
    Expression over = expressions.withoutChoice();
    Expression when = tokens.skipName("if") ? expressions.expression() : null;
    endOfBlock();
    List<Statement> body = until(Set.of("else", "endfor"));
    List<Statement> otherwise = List.of();
    if (ending().equals("else")) {
      endOfBlock();
      otherwise = until(Set.of("endfor"));
      ending();
    }
    endOfBlock();
    return new Statement.For(List.copyOf(names), over, when, body, otherwise, line);
  }

  private Statement set(int line) {
    String name = target();
    @Nullable String field = tokens.skipOperator(".") ? tokens.requireName() : null;
    if (field != null && PythonNames.hidesField(field)) {
      throw new JinjaException(line, "sets '.%s', which is Python's".formatted(field));
    }
    if (tokens.skipOperator("=")) {
      Expression value = expressions.expression();
      endOfBlock();
      return new Statement.Set(name, field, value, line);
    }
    if (field != null) {
      throw tokens.unexpected("'='");
    }
    endOfBlock();
    List<Statement> body = until(Set.of("endset"));
    ending();
    endOfBlock();
    return new Statement.Capture(name, body);
  }

  private String target() {
    int line = tokens.line();
    String name = tokens.requireName();
    if (name.equals("loop") || Builtin.find(Builtin.Role.FUNCTION, name).isPresent()) {
      throw new JinjaException(line, "sets '%s', which Jinja has itself".formatted(name));
    }
    return name;
  }
}
