package dev.modelflow.text.jinja;

import dev.modelflow.text.jinja.Value.Absent;
import dev.modelflow.text.jinja.Value.Fields;
import dev.modelflow.text.jinja.Value.Items;
import dev.modelflow.text.jinja.Value.Items.Form;
import dev.modelflow.text.jinja.Value.Nothing;
import dev.modelflow.text.jinja.Value.Space;
import dev.modelflow.text.jinja.Value.Truth;
import dev.modelflow.text.jinja.Value.Whole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Computes functions, methods, filters and tests. */
final class Builtins {
  /** The tests that know every value. */
  private static final Set<String> OF_ALL = Set.of("defined", "undefined", "none");

  private final Budget budget;

  Builtins(Budget budget) {
    this.budget = budget;
  }

  /** What a call is given. */
  record Given(List<Value> plain, Map<String, Value> named, int line) {
    Value at(int place, Value otherwise) {
      return place < plain.size() ? plain.get(place) : otherwise;
    }

    Value at(int place) {
      return plain.get(place);
    }
  }

  static Value function(String name, Given given) {
    if (name.equals("namespace")) {
      given.named().values().forEach(value -> Values.kept(value, given.line()));
      return new Space(new LinkedHashMap<>(given.named()));
    }
    throw new JinjaException(
        given.line(), "raises: " + Values.printed(given.at(0), given.line()).chars());
  }

  Value method(String name, Value on, Given given) {
    int line = given.line();
    return switch (on) {
      case Fields fields when name.equals("get") ->
          fields
              .all()
              .getOrDefault(Values.text(given.at(0), line).chars(), given.at(1, Nothing.NONE));
      case Fields fields when name.equals("items") -> view(Values.pairs(fields));
      case Fields fields when name.equals("keys") -> view(Values.keys(fields));
      case Fields fields when name.equals("values") ->
          view(fields.all().values().stream().toList());
      case Text text -> textMethod(name, text, given);
      default -> throw Values.refused("calls '.%s' of".formatted(name), on, line);
    };
  }

  private static Items view(List<Value> all) {
    return new Items(all, Form.VIEW);
  }

  private Value textMethod(String name, Text on, Given given) {
    int line = given.line();
    budget.characters(on.length(), line);
    return switch (name) {
      case "strip" -> stripped(on, true, true, given);
      case "lstrip" -> stripped(on, true, false, given);
      case "rstrip" -> stripped(on, false, true, given);
      case "startswith" -> new Truth(on.chars().startsWith(Values.text(given.at(0), line).chars()));
      case "endswith" -> new Truth(on.chars().endsWith(Values.text(given.at(0), line).chars()));
      case "split" -> Items.of(split(on, Values.text(given.at(0), line), line));
      case "replace" -> {
        Text by = Values.text(given.at(1), line);
        yield join(split(on, Values.text(given.at(0), line), line), by, line);
      }
      default -> throw Values.refused("calls '.%s' of".formatted(name), on, line);
    };
  }

  /** Python takes a text for a set of characters. */
  private static Text stripped(Text on, boolean left, boolean right, Given given) {
    Value said = given.at(0, Nothing.NONE);
    if (said instanceof Nothing) {
      return on.stripped(left, right);
    }
    Set<Integer> off =
        Values.text(said, given.line()).chars().codePoints().boxed().collect(Collectors.toSet());
    return on.stripped(left, right, off::contains);
  }

  private List<Text> split(Text all, Text at, int line) {
    if (at.isEmpty()) {
      throw new JinjaException(line, "splits a text at an empty one");
    }
    budget.search(all, at, line);
    List<Text> parts = new ArrayList<>();
    int from = 0;
    for (int found = all.chars().indexOf(at.chars());
        found >= 0;
        found = all.chars().indexOf(at.chars(), from)) {
      budget.pieces(1, line);
      parts.add(all.part(from, found));
      from = found + at.length();
    }
    parts.add(all.part(from));
    return parts;
  }

  private Text join(List<Text> parts, Text by, int line) {
    long length = parts.stream().mapToLong(Text::length).sum();
    budget.characters(length + (long) by.length() * parts.size(), line);
    List<Text> all = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        all.add(by);
      }
      all.add(parts.get(i));
    }
    return Text.joined(all);
  }

  Value filter(String name, Value on, Given given) {
    int line = given.line();
    return switch (name) {
      case "length", "count" -> new Whole(Values.length(on, line));
      case "trim" -> Values.printed(on, line).stripped(true, true);
      case "string" -> Values.printed(on, line);
      case "tojson" -> {
        yield new ToJson(budget, line).of(on);
      }
      case "list" -> Items.of(each(on, line));
      case "items" -> items(on, line);
      case "first" ->
          on instanceof Text ? Values.item(on, new Whole(0), line) : first(each(on, line));
      case "last" -> last(on, line);
      case "join" -> {
        List<Value> all = each(on, line);
        budget.pieces(all.size(), line);
        List<Text> parts = all.stream().map(each -> Values.printed(each, line)).toList();
        yield join(parts, Values.printed(given.at(0, Text.EMPTY), line), line);
      }
      case "default", "d" -> orDefault(on, given);
      case "map" -> mapped(on, given);
      default -> selected(name.equals("selectattr"), on, given);
    };
  }

  private List<Value> each(Value on, int line) {
    return Values.each(on, budget, line);
  }

  /** Python does not go back over what gives its values once. */
  private Value last(Value on, int line) {
    if (on instanceof Text) {
      return Values.item(on, new Whole(-1), line);
    }
    if (on instanceof Items items && items.once()) {
      throw Values.refused("takes the last of", on, line);
    }
    return first(each(on, line).reversed());
  }

  private static Value first(List<Value> all) {
    return all.isEmpty() ? Absent.UNDEFINED : all.getFirst();
  }

  private static Value items(Value on, int line) {
    return switch (on) {
      case Fields fields -> new Items(Values.pairs(fields), Form.ONCE);
      case Absent _ -> new Items(List.of(), Form.ONCE);
      default -> throw Values.refused("takes the items of", on, line);
    };
  }

  private static Value orDefault(Value on, Given given) {
    Value told = given.named().getOrDefault("boolean", given.at(1, new Truth(false)));
    boolean missing =
        on instanceof Absent
            || (Values.truth(told, given.line()) && !Values.truth(on, given.line()));
    return missing ? given.at(0, Text.EMPTY) : on;
  }

  private Value mapped(Value on, Given given) {
    Value attribute = given.named().get("attribute");
    if (attribute == null) {
      throw new JinjaException(given.line(), "has the filter 'map' without an attribute");
    }
    List<Value> all =
        each(on, given.line()).stream().map(each -> field(each, attribute, given.line())).toList();
    return new Items(all, Form.ONCE);
  }

  private Value selected(boolean wanted, Value on, Given given) {
    int line = given.line();
    List<Value> all = new ArrayList<>();
    for (Value each : each(on, line)) {
      Value field = field(each, given.at(0), line);
      boolean holds =
          given.plain().size() == 1
              ? Values.truth(field, line)
              : test(Values.text(given.at(1), line).chars(), field, argument(given), line);
      if (holds == wanted) {
        all.add(each);
      }
    }
    return new Items(all, Form.ONCE);
  }

  private static Value argument(Given given) {
    return given.at(2, Absent.UNDEFINED);
  }

  private static Value field(Value of, Value name, int line) {
    String field = Values.text(name, line).chars();
    if (!field.matches("[A-Za-z][A-Za-z0-9_]*")) {
      throw new JinjaException(line, "selects by the attribute '%s'".formatted(field));
    }
    if (of instanceof Space || of instanceof Loop) {
      // A filter reads it when it is asked for, which may be later.
      throw Values.refused("selects by '.%s' of".formatted(field), of, line);
    }
    return Values.item(of, Text.of(field), line);
  }

  /** Whether a test holds; its argument is undefined where it takes none. */
  boolean test(String name, Value on, Value argument, int line) {
    budget.work(Values.weight(on), line);
    if (on instanceof Loop && !OF_ALL.contains(name)) {
      throw Values.refused("asks '%s' of".formatted(name), on, line);
    }
    return switch (name) {
      case "defined" -> !(on instanceof Absent);
      case "undefined" -> on instanceof Absent;
      case "none" -> on instanceof Nothing;
      case "string" -> on instanceof Text;
      case "mapping" -> on instanceof Fields;
      case "iterable" ->
          on instanceof Text || on instanceof Items || on instanceof Fields || on instanceof Absent;
      case "sequence" ->
          on instanceof Text
              || (on instanceof Items items && items.isSequence())
              || on instanceof Fields
              || on instanceof Absent;
      case "number" -> on instanceof Whole || on instanceof Truth;
      case "integer" -> on instanceof Whole;
      case "boolean" -> on instanceof Truth;
      case "true" -> on.equals(new Truth(true));
      case "false" -> on.equals(new Truth(false));
      case "odd" -> Math.floorMod(Values.whole(on, line), 2L) == 1;
      case "even" -> Math.floorMod(Values.whole(on, line), 2L) == 0;
      case "ne" -> !Values.equal(on, argument, line);
      case "in" -> Values.contains(argument, on, budget, line);
      default -> Values.equal(on, argument, line);
    };
  }
}
