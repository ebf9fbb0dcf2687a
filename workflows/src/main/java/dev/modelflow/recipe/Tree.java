package dev.modelflow.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A recipe's text as a tree in which every value knows where it stands. */
sealed interface Tree {
  Position at();

  /** What this is, for a message that expected something else. */
  String describe();

  /**
   * A single value.
   *
   * @param value null, {@link Boolean}, {@link Long}, {@link Double} or {@link String}
   * @param text as it was written
   */
  record Scalar(@Nullable Object value, String text, Position at) implements Tree {
    @Override
    public String describe() {
      return switch (value) {
        case null -> "nothing";
        case String string -> "the text '" + string + "'";
        default -> text;
      };
    }
  }

  /** A list. */
  record Sequence(List<Tree> items, Position at) implements Tree {
    @Override
    public String describe() {
      return "a list";
    }
  }

  /** Keys and values in the order of the text. */
  record Mapping(Map<String, Entry> entries, Position at) implements Tree {
    @Override
    public String describe() {
      return "a block of keys";
    }
  }

  /** A value and where its key stands. */
  record Entry(Position keyAt, Tree value) {}

  /** The same tree, standing in no text. */
  default Tree unplaced() {
    return switch (this) {
      case Scalar scalar -> new Scalar(scalar.value(), scalar.text(), Position.NONE);
      case Sequence list ->
          new Sequence(list.items().stream().map(Tree::unplaced).toList(), Position.NONE);
      case Mapping block -> {
        Map<String, Entry> entries = new LinkedHashMap<>();
        block
            .entries()
            .forEach(
                (key, entry) ->
                    entries.put(key, new Entry(Position.NONE, entry.value().unplaced())));
        yield new Mapping(entries, Position.NONE);
      }
    };
  }

  /** Plain maps, lists and scalars of this tree. */
  default @Nullable Object plain() {
    return switch (this) {
      case Scalar scalar -> scalar.value();
      case Sequence list -> list.items().stream().map(Tree::plain).toList();
      case Mapping block -> {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        block.entries().forEach((key, entry) -> plain.put(key, entry.value().plain()));
        yield plain;
      }
    };
  }

  /** A tree of plain maps, lists and scalars, without places. */
  static Tree of(@Nullable Object plain) {
    return switch (plain) {
      case Map<?, ?> map -> {
        Map<String, Entry> entries = new LinkedHashMap<>();
        map.forEach(
            (key, value) -> entries.put(key.toString(), new Entry(Position.NONE, of(value))));
        yield new Mapping(entries, Position.NONE);
      }
      case List<?> list -> new Sequence(list.stream().map(Tree::of).toList(), Position.NONE);
      case Integer number -> scalar(number.longValue());
      case Float number -> scalar(number.doubleValue());
      case Long number -> scalar(number);
      case Double number -> scalar(number);
      case Boolean flag -> scalar(flag);
      case null -> scalar(null);
      default -> scalar(plain.toString());
    };
  }

  private static Scalar scalar(@Nullable Object value) {
    return new Scalar(value, String.valueOf(value), Position.NONE);
  }
}
