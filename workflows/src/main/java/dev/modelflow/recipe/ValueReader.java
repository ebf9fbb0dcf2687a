package dev.modelflow.recipe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads blocks of a recipe by their table of fields, and remembers where each value stood. */
final class ValueReader {
  private final Problems problems;
  private final Map<String, Position> places = new LinkedHashMap<>();

  ValueReader(Problems problems) {
    this.problems = problems;
  }

  /** Where the value (or, for a missing one, the block around it) of {@code path} stands. */
  Position place(String path) {
    for (String at = path; ; at = at.substring(0, at.lastIndexOf('.'))) {
      Position place = places.get(at);
      if (place != null) {
        return place;
      }
      if (at.lastIndexOf('.') < 0) {
        return places.getOrDefault("", Position.NONE);
      }
    }
  }

  void remember(String path, Position at) {
    places.put(path, at);
  }

  /** The entries of a block; a key without a value counts as an empty block. */
  Map<String, Tree.Entry> entries(Tree tree, String path, String expected) {
    if (tree instanceof Tree.Mapping mapping) {
      return mapping.entries();
    }
    if (!(tree instanceof Tree.Scalar scalar) || scalar.value() != null) {
      problems.add(tree.at(), path, "expected " + expected + ", found " + tree.describe());
    }
    return Map.of();
  }

  /**
   * The values of a block in table order, with defaults.
   *
   * @param model for derived defaults; null if the model itself is wrong
   */
  Map<String, Object> block(
      Map<String, Tree.Entry> entries,
      String path,
      List<Field> fields,
      @Nullable ModelShape model) {
    Set<String> mistaken = unknownKeys(entries, path, fields);
    Map<String, Object> values = new LinkedHashMap<>();
    for (Field field : fields) {
      String below = path.isEmpty() ? field.name() : path + "." + field.name();
      Tree.Entry entry = entries.get(field.name());
      if (entry != null && !isNothing(entry.value())) {
        remember(below, entry.value().at());
        if (field.type() instanceof FieldType.Part) {
          continue;
        }
        value(entry.value(), field.type(), below).ifPresent(it -> values.put(field.name(), it));
      } else if (field.absence() instanceof Field.Required && !mistaken.contains(field.name())) {
        problems.add(
            entry == null ? place(path) : entry.keyAt(),
            below,
            "missing key '%s': expected %s".formatted(field.name(), field.type().describe()));
      } else {
        fallback(field, field.absence(), model, values)
            .ifPresent(it -> values.put(field.name(), it));
      }
    }
    return values;
  }

  private static boolean isNothing(Tree tree) {
    return tree instanceof Tree.Scalar scalar && scalar.value() == null;
  }

  /** Reports unknown keys; returns the fields that they probably were meant to be. */
  private Set<String> unknownKeys(
      Map<String, Tree.Entry> entries, String path, List<Field> fields) {
    List<String> names = fields.stream().map(Field::name).toList();
    Set<String> mistaken = new HashSet<>();
    entries.forEach(
        (key, entry) -> {
          if (!names.contains(key)) {
            List<String> free = names.stream().filter(it -> !entries.containsKey(it)).toList();
            Nearest.to(key, free).ifPresent(mistaken::add);
            String message = "unknown key '%s': expected one of %s".formatted(key, words(names));
            problems.add(
                entry.keyAt(), path.isEmpty() ? key : path + "." + key, message, key, free);
          }
        });
    return mistaken;
  }

  private static String words(List<String> names) {
    return String.join(", ", names);
  }

  private Optional<Object> fallback(
      Field field, Field.Absence absence, @Nullable ModelShape model, Map<String, Object> soFar) {
    return switch (absence) {
      case Field.Value value when field.type() instanceof FieldType.Group group ->
          Optional.of(block(Map.of(), "", group.fields(), model));
      case Field.Value value -> Optional.of(value.value());
      case Field.Derived derived when model != null ->
          Optional.of(derived.from().apply(model, soFar));
      case Field.Unless unless when !soFar.containsKey(unless.rival()) ->
          fallback(field, unless.otherwise(), model, soFar);
      default -> Optional.empty();
    };
  }

  /** The value in its type's own form, or nothing after recording what was expected. */
  Optional<Object> value(Tree tree, FieldType type, String path) {
    return switch (type) {
      case FieldType.Items items -> items(tree, items, path);
      case FieldType.Group group when tree instanceof Tree.Mapping mapping ->
          Optional.of(block(mapping.entries(), path, group.fields(), null));
      case FieldType.Weights weights when tree instanceof Tree.Mapping mapping ->
          named(mapping, weights, new FieldType.Real(0, true, Double.MAX_VALUE), path);
      case FieldType.Named names when tree instanceof Tree.Mapping mapping ->
          named(mapping, names, names.item(), path);
      default -> {
        Optional<Object> read =
            tree instanceof Tree.Scalar scalar ? scalar(scalar, type) : Optional.empty();
        if (read.isEmpty()) {
          wrong(tree, type, path);
        }
        yield read;
      }
    };
  }

  private void wrong(Tree tree, FieldType type, String path) {
    String message = "expected " + type.describe() + ", found " + tree.describe();
    if (type instanceof FieldType.Choice choice && tree instanceof Tree.Scalar scalar) {
      problems.add(tree.at(), path, message, scalar.text(), choice.words());
    } else {
      problems.add(tree.at(), path, message);
    }
  }

  private Optional<Object> items(Tree tree, FieldType.Items type, String path) {
    if (!(tree instanceof Tree.Sequence sequence) || sequence.items().size() < type.least()) {
      wrong(tree, type, path);
      return Optional.empty();
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      Tree item = sequence.items().get(i);
      String below = path + "." + i;
      remember(below, item.at());
      value(item, type.item(), below).ifPresent(values::add);
    }
    return Optional.of(List.copyOf(values));
  }

  private Optional<Object> named(
      Tree.Mapping mapping, FieldType type, FieldType item, String path) {
    Map<String, Object> values = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (name, entry) -> {
              if (isNothing(entry.value())) {
                return;
              }
              remember(path + "." + name, entry.keyAt());
              value(entry.value(), item, path + "." + name).ifPresent(it -> values.put(name, it));
            });
    if (mapping.entries().values().stream().allMatch(entry -> isNothing(entry.value()))) {
      wrong(mapping, type, path);
    }
    return Optional.of(values);
  }

  private static Optional<Object> scalar(Tree.Scalar scalar, FieldType type) {
    Object value = scalar.value();
    return switch (type) {
      case FieldType.Whole range ->
          whole(value).filter(it -> it >= range.least() && it <= range.most()).map(it -> it);
      case FieldType.Real range ->
          real(value)
              .filter(it -> it >= range.least() && it <= range.most())
              .filter(it -> !range.open() || it > range.least())
              .map(it -> it);
      case FieldType.Flag flag -> value instanceof Boolean ? Optional.of(value) : Optional.empty();
      case FieldType.Text text ->
          value != null && scalar.text().matches(text.pattern())
              ? Optional.of(scalar.text())
              : Optional.empty();
      case FieldType.Choice choice ->
          choice.words().contains(scalar.text()) ? Optional.of(scalar.text()) : Optional.empty();
      case FieldType.StageName name ->
          value instanceof String ? Optional.of(value) : Optional.empty();
      case FieldType.Checkpoint checkpoint ->
          value instanceof String ? Optional.of(value) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<Long> whole(@Nullable Object value) {
    return switch (value) {
      case Long number -> Optional.of(number);
      case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
          Optional.of(number.longValue());
      case null, default -> Optional.empty();
    };
  }

  private static Optional<Double> real(@Nullable Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue())
        ? Optional.of(number.doubleValue())
        : Optional.empty();
  }
}
