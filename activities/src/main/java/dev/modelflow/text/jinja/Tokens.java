package dev.modelflow.text.jinja;

import dev.modelflow.text.jinja.Token.Kind;
import java.util.List;

/** A template's tokens as they are read one after the other. */
final class Tokens {
  /** Levels, and parts of a chain, that no template for people needs. */
  private static final int MOST_LEVELS = 60;

  private final List<Token> all;
  private int at;
  private int level;

  Tokens(List<Token> all) {
    this.all = all;
  }

  Token peek() {
    return all.get(at);
  }

  Token peekNext() {
    return all.get(Math.min(at + 1, all.size() - 1));
  }

  Token next() {
    Token token = all.get(at);
    at = Math.min(at + 1, all.size() - 1);
    return token;
  }

  int line() {
    return peek().line();
  }

  boolean skipOperator(String operator) {
    boolean there = peek().isOperator(operator);
    if (there) {
      next();
    }
    return there;
  }

  boolean skipName(String name) {
    boolean there = peek().isName(name);
    if (there) {
      next();
    }
    return there;
  }

  void requireOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void require(Kind kind, String wanted) {
    if (!peek().is(kind)) {
      throw unexpected(wanted);
    }
    next();
  }

  String requireName() {
    if (!peek().is(Kind.NAME)) {
      throw unexpected("a name");
    }
    return next().text();
  }

  JinjaException unexpected(String wanted) {
    String found =
        switch (peek().kind()) {
          case DATA -> "text";
          case END -> "the end";
          case STRING -> "a text in quotes";
          default -> "'" + peek().text() + "'";
        };
    return new JinjaException(line(), "has %s where %s should be".formatted(found, wanted));
  }

  /** Begins a level of what is nested; {@link #leave} ends it. */
  void enter() {
    if (++level > MOST_LEVELS) {
      throw new JinjaException(line(), "is nested deeper than %d levels".formatted(MOST_LEVELS));
    }
  }

  void leave() {
    level--;
  }
}
