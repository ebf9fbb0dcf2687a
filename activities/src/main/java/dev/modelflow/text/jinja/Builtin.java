package dev.modelflow.text.jinja;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The functions, methods, filters and tests that are computed; all others are refused. */
record Builtin(Role role, String name, int least, int most, Set<String> named) {
  enum Role {
    FUNCTION("function"),
    METHOD("method"),
    FILTER("filter"),
    TEST("test");

    private final String word;

    Role(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  private static final Builtin[] ALL = {
    of(Role.FUNCTION, "raise_exception", 1, 1),
    new Builtin(Role.FUNCTION, "namespace", 0, 0, Set.of("*")),
    of(Role.METHOD, "get", 1, 2),
    of(Role.METHOD, "items", 0, 0),
    of(Role.METHOD, "keys", 0, 0),
    of(Role.METHOD, "values", 0, 0),
    of(Role.METHOD, "strip", 0, 1),
    of(Role.METHOD, "lstrip", 0, 1),
    of(Role.METHOD, "rstrip", 0, 1),
    of(Role.METHOD, "split", 1, 1),
    of(Role.METHOD, "startswith", 1, 1),
    of(Role.METHOD, "endswith", 1, 1),
    of(Role.METHOD, "replace", 2, 2),
    of(Role.FILTER, "length", 0, 0),
    of(Role.FILTER, "count", 0, 0),
    of(Role.FILTER, "trim", 0, 0),
    of(Role.FILTER, "tojson", 0, 0),
    of(Role.FILTER, "list", 0, 0),
    of(Role.FILTER, "first", 0, 0),
    of(Role.FILTER, "last", 0, 0),
    of(Role.FILTER, "string", 0, 0),
    of(Role.FILTER, "items", 0, 0),
    of(Role.FILTER, "join", 0, 1),
    new Builtin(Role.FILTER, "default", 0, 2, Set.of("boolean")),
    new Builtin(Role.FILTER, "d", 0, 2, Set.of("boolean")),
    of(Role.FILTER, "selectattr", 1, 3),
    of(Role.FILTER, "rejectattr", 1, 3),
    new Builtin(Role.FILTER, "map", 0, 0, Set.of("attribute")),
    of(Role.TEST, "defined", 0, 0),
    of(Role.TEST, "undefined", 0, 0),
    of(Role.TEST, "none", 0, 0),
    of(Role.TEST, "string", 0, 0),
    of(Role.TEST, "mapping", 0, 0),
    of(Role.TEST, "iterable", 0, 0),
    of(Role.TEST, "sequence", 0, 0),
    of(Role.TEST, "number", 0, 0),
    of(Role.TEST, "integer", 0, 0),
    of(Role.TEST, "boolean", 0, 0),
    of(Role.TEST, "true", 0, 0),
    of(Role.TEST, "false", 0, 0),
    of(Role.TEST, "odd", 0, 0),
    of(Role.TEST, "even", 0, 0),
    of(Role.TEST, "eq", 1, 1),
    of(Role.TEST, "equalto", 1, 1),
    of(Role.TEST, "ne", 1, 1),
    of(Role.TEST, "in", 1, 1),
  };

  private static Builtin of(Role role, String name, int least, int most) {
    return new Builtin(role, name, least, most, Set.of());
  }

  static Builtin of(Role role, String name, int line) {
    return find(role, name)
        .orElseThrow(
            () ->
                new JinjaException(
                    line,
                    "has the %s '%s', which is none of %s".formatted(role, name, names(role))));
  }

  static Optional<Builtin> find(Role role, String name) {
    return Arrays.stream(ALL).filter(it -> it.role == role && it.name.equals(name)).findFirst();
  }

  private static String names(Role role) {
    return Arrays.stream(ALL)
        .filter(it -> it.role == role)
        .map(Builtin::name)
        .collect(Collectors.joining(", "));
  }

  void requireFits(Expression.Arguments arguments, int line) {
    int plain = arguments.plain().size();
    boolean known = named.contains("*") || named.containsAll(arguments.named().keySet());
    if (plain < least || plain > most || !known) {
      throw new JinjaException(
          line, "gives the %s '%s' arguments that it is not computed with".formatted(role, name));
    }
  }
}
