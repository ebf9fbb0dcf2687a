package dev.modelflow.recipe;

import dev.modelflow.domain.StageKind;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What values a field of the recipe may have. */
public sealed interface FieldType {
  /** The values in words, to complete "expected ...". */
  String describe();

  /** The kinds of stages that a value may name; none where it names no stage. */
  default Set<StageKind> targets() {
    return Set.of();
  }

  /** Whether a value names another stage: such a field is wiring, not a parameter. */
  default boolean isReference() {
    return !targets().isEmpty();
  }

  /** A whole number from {@code least} to {@code most}. */
  record Whole(long least, long most) implements FieldType {
    @Override
    public String describe() {
      return most == Long.MAX_VALUE || most == Integer.MAX_VALUE
          ? "a whole number of at least " + least
          : "a whole number from " + least + " to " + most;
    }
  }

  /** A number between {@code least} and {@code most}; {@code open}: the least itself is out. */
  record Real(double least, boolean open, double most) implements FieldType {
    @Override
    public String describe() {
      String lower = (open ? "above " : "of at least ") + plain(least);
      return "a number " + lower + (most == Double.MAX_VALUE ? "" : " and at most " + plain(most));
    }

    private static String plain(double value) {
      return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
  }

  /** A text that matches {@code pattern}; {@code words} says in words which ones do. */
  record Text(String pattern, String words) implements FieldType {
    @Override
    public String describe() {
      return words;
    }
  }

  /** One of these words. */
  record Choice(List<String> words) implements FieldType {
    @Override
    public String describe() {
      return "one of: " + String.join(", ", words);
    }
  }

  /** True or false. */
  record Flag() implements FieldType {
    @Override
    public String describe() {
      return "true or false";
    }
  }

  /** The name of a stage of one of these kinds. */
  record StageName(Set<StageKind> kinds) implements FieldType {
    @Override
    public String describe() {
      return "the name of a stage of kind " + words(kinds);
    }

    @Override
    public Set<StageKind> targets() {
      return kinds;
    }
  }

  /** {@code STAGE} or {@code STAGE@STEP}: a checkpoint of a stage of one of these kinds. */
  record Checkpoint(Set<StageKind> kinds) implements FieldType {
    @Override
    public String describe() {
      return "STAGE or STAGE@STEP with a stage of kind " + words(kinds);
    }

    @Override
    public Set<StageKind> targets() {
      return kinds;
    }
  }

  /** Names of sources with their shares; shares are positive and need not sum to one. */
  record Weights() implements FieldType {
    @Override
    public String describe() {
      return "sources with their shares, e.g. {glosses: 0.5, code: 0.5}";
    }
  }

  /**
   * Names that the recipe's author chooses, at least one, each with a value; {@code words}: of
   * what.
   */
  record Named(String words, FieldType item) implements FieldType {
    @Override
    public String describe() {
      return words;
    }
  }

  /** A list with at least {@code least} items. */
  record Items(FieldType item, int least) implements FieldType {
    @Override
    public String describe() {
      return "a list" + (least > 0 ? " of at least " + least : "") + ", each " + item.describe();
    }

    @Override
    public Set<StageKind> targets() {
      return item.targets();
    }
  }

  /** A block of named fields. */
  record Group(List<Field> fields) implements FieldType {
    /** Copies the list. */
    public Group {
      fields = List.copyOf(fields);
    }

    @Override
    public String describe() {
      return "a block with the keys "
          + fields.stream().map(Field::name).collect(Collectors.joining(", "));
    }
  }

  /** A block with a table of its own; {@code words} says what stands in it. */
  record Part(String words) implements FieldType {
    @Override
    public String describe() {
      return words;
    }
  }

  private static String words(Set<StageKind> kinds) {
    return kinds.stream().map(StageKind::word).sorted().collect(Collectors.joining(", "));
  }
}
