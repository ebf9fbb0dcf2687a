package dev.modelflow.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML text into a {@link Tree}. */
final class TreeReader {
  private static final int MOST_CHARACTERS = 1 << 20;
  // Aliases share nodes, so a short text can stand for a tree without end.
  private static final int MOST_NODES = 100_000;
  private static final int MOST_LEVELS = 40;
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,18}");
  private static final Pattern REAL =
      Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");

  private final Problems problems;
  private int nodes;
  private int level;

  TreeReader(Problems problems) {
    this.problems = problems;
  }

  /** The text's one document, or nothing after recording why it cannot be read. */
  Optional<Tree> read(String text) {
    OptionalInt half = halfCharacter(text);
    if (half.isPresent()) {
      problems.add(
          position(text, half.getAsInt()),
          "",
          "this is not YAML: half of a character stands here (\\u%04x): remove it"
              .formatted((int) text.charAt(half.getAsInt())));
      return Optional.empty();
    }
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setCodePointLimit(MOST_CHARACTERS)
              .setAllowDuplicateKeys(true)
              .build();
      checkLevels(settings, text);
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        problems.add(new Position(1, 1), "", "the recipe is empty");
        return Optional.empty();
      }
      return Optional.of(convert(root.get(), ""));
    } catch (MarkedYamlEngineException malformed) {
      Position at =
          malformed
              .getProblemMark()
              .map(mark -> new Position(mark.getLine() + 1, mark.getColumn() + 1))
              .orElse(new Position(1, 1));
      problems.add(at, "", "this is not YAML: " + malformed.getProblem());
    } catch (YamlEngineException | TooLarge malformed) {
      problems.add(new Position(1, 1), "", "this is not YAML: " + malformed.getMessage());
    }
    return Optional.empty();
  }

  /**
   * Where a surrogate stands without the other, which JSON can carry and the YAML library may trip
   * over.
   */
  private static OptionalInt halfCharacter(String text) {
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      if (Character.getType(character) == Character.SURROGATE) {
        return OptionalInt.of(i);
      }
      i += Character.charCount(character);
    }
    return OptionalInt.empty();
  }

  private static Position position(String text, int index) {
    String before = text.substring(0, index);
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    return new Position(line, index - before.lastIndexOf('\n'));
  }

  /** The composer goes down by recursion: a text of brackets alone would end its stack. */
  private static void checkLevels(LoadSettings settings, String text) {
    int level = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      level +=
          switch (event.getEventId()) {
            case SequenceStart, MappingStart -> 1;
            case SequenceEnd, MappingEnd -> -1;
            default -> 0;
          };
      if (level > MOST_LEVELS) {
        throw new TooLarge();
      }
    }
  }

  /** YAML text as a person would type it after {@code --set key=}. */
  static Tree typed(String text) {
    if (!text.startsWith("{") && !text.startsWith("[")) {
      return new Tree.Scalar(plain(text), text, Position.NONE);
    }
    Problems problems = new Problems("override");
    Optional<Tree> tree = new TreeReader(problems).read(text);
    problems.throwIfAny();
    return tree.orElseThrow().unplaced();
  }

  private static @Nullable Object plain(String text) {
    if (WHOLE.matcher(text).matches()) {
      return Long.parseLong(text);
    }
    if (REAL.matcher(text).matches()) {
      return Double.parseDouble(text);
    }
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      case "", "null", "~" -> null;
      default -> text;
    };
  }

  private Tree convert(Node node, String path) {
    if (++nodes > MOST_NODES || ++level > MOST_LEVELS) {
      throw new TooLarge();
    }
    Tree tree = convertNode(node, path, position(node));
    level--;
    return tree;
  }

  private Tree convertNode(Node node, String path, Position at) {
    return switch (node) {
      case ScalarNode scalar ->
          new Tree.Scalar(
              scalar.getScalarStyle() == ScalarStyle.PLAIN
                  ? plain(scalar.getValue())
                  : scalar.getValue(),
              scalar.getValue(),
              at);
      case SequenceNode sequence -> {
        List<Tree> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          items.add(convert(item, path + "[" + items.size() + "]"));
        }
        yield new Tree.Sequence(items, at);
      }
      case MappingNode mapping -> mapping(mapping, path, at);
      default -> throw new IllegalStateException("No such node: " + node);
    };
  }

  private Tree mapping(MappingNode node, String path, Position at) {
    Map<String, Tree.Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      Position keyAt = position(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(keyAt, path, "a key must be a word, not a list or a block");
        continue;
      }
      String name = key.getValue();
      String below = path.isEmpty() ? name : path + "." + name;
      Tree value = convert(tuple.getValueNode(), below);
      if (entries.putIfAbsent(name, new Tree.Entry(keyAt, value)) != null) {
        problems.add(keyAt, below, "the key '" + name + "' stands here for the second time");
      }
    }
    return new Tree.Mapping(entries, at);
  }

  private static Position position(Node node) {
    return node.getStartMark()
        .map(mark -> new Position(mark.getLine() + 1, mark.getColumn() + 1))
        .orElse(Position.NONE);
  }

  private static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLarge() {
      super(
          "it has more than %d values or %d levels, with its aliases followed"
              .formatted(MOST_NODES, MOST_LEVELS));
    }
  }
}
