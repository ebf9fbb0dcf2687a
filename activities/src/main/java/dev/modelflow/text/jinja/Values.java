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
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What Python and Jinja do with values; what they would print or compare oddly is refused. */
final class Values {
  private Values() {}

  static boolean truth(Value value, int line) {
    return switch (value) {
      case Truth truth -> truth.is();
      case Whole whole -> whole.number() != 0;
      case Text text -> !text.isEmpty();
      case Items items when !items.once() -> !items.all().isEmpty();
      case Fields fields -> !fields.all().isEmpty();
      case Space _ -> true;
      case Nothing _, Absent _ -> false;
      case Items _, Loop _ -> throw refused("asks whether there is", value, line);
    };
  }

  /** As it is written: Python's {@code str}. */
  static Text printed(Value value, int line) {
    return switch (value) {
      case Text text -> text;
      case Whole whole -> Text.of(Long.toString(whole.number()));
      case Truth truth -> Text.of(truth.is() ? "True" : "False");
      case Nothing _ -> Text.of("None");
      case Absent _ -> Text.EMPTY;
      default -> throw refused("writes", value, line);
    };
  }

  static Text text(Value value, int line) {
    if (value instanceof Text text) {
      return text;
    }
    throw refused("wants a text and has", value, line);
  }

  /** True is 1 in Python. */
  static OptionalLong number(Value value) {
    return switch (value) {
      case Whole whole -> OptionalLong.of(whole.number());
      case Truth truth -> OptionalLong.of(truth.is() ? 1 : 0);
      default -> OptionalLong.empty();
    };
  }

  static long whole(Value value, int line) {
    return number(value).orElseThrow(() -> refused("wants a number and has", value, line));
  }

  static boolean equal(Value left, Value right, int line) {
    if (isMany(left) && isMany(right)) {
      throw refused("compares", left, line);
    }
    OptionalLong one = number(left);
    return one.isPresent() ? one.equals(number(right)) : left.equals(right);
  }

  private static boolean isMany(Value value) {
    return value instanceof Items
        || value instanceof Fields
        || value instanceof Space
        || value instanceof Loop;
  }

  static boolean contains(Value all, Value one, Budget budget, int line) {
    return switch (all) {
      case Text text -> {
        budget.search(text, text(one, line), line);
        yield text.chars().contains(text(one, line).chars());
      }
      case Items items when !items.once() -> {
        budget.work(items.all().size() * weight(one), line);
        yield items.all().stream().anyMatch(each -> equal(each, one, line));
      }
      case Fields fields -> fields.all().containsKey(text(one, line).chars());
      case Absent _ -> false;
      default -> throw refused("looks into", all, line);
    };
  }

  /** What it takes to look at all of a value. */
  static long weight(Value value) {
    return switch (value) {
      case Text text -> text.length();
      case Items items -> items.all().size();
      default -> 1;
    };
  }

  /** A value that may be read more than once. */
  static Value kept(Value value, int line) {
    if (value instanceof Items items && items.once()) {
      throw refused("keeps", value, line);
    }
    return value;
  }

  /** What a loop goes over. */
  static List<Value> each(Value value, Budget budget, int line) {
    return switch (value) {
      case Items items -> items.all();
      case Text text -> {
        budget.pieces(text.length(), line);
        yield text.eachPoint();
      }
      case Fields fields -> keys(fields);
      case Absent _ -> List.of();
      default -> throw refused("goes over", value, line);
    };
  }

  static List<Value> keys(Fields fields) {
    List<Value> keys = new ArrayList<>();
    fields.all().keySet().forEach(key -> keys.add(Text.of(key)));
    return keys;
  }

  static List<Value> pairs(Fields fields) {
    List<Value> pairs = new ArrayList<>();
    fields
        .all()
        .forEach((key, value) -> pairs.add(new Items(List.of(Text.of(key), value), Form.TUPLE)));
    return pairs;
  }

  static long length(Value value, int line) {
    return switch (value) {
      case Text text -> text.points();
      case Items items when !items.once() -> items.all().size();
      case Fields fields -> fields.all().size();
      case Absent _ -> 0;
      default -> throw refused("takes the length of", value, line);
    };
  }

  static Value attribute(Value of, String name, int line) {
    return switch (of) {
      case Fields fields -> fields.all().getOrDefault(name, Absent.UNDEFINED);
      case Space space -> space.all().getOrDefault(name, Absent.UNDEFINED);
      case Loop loop -> loop.attribute(name, line);
      case Nothing _ -> Absent.UNDEFINED;
      default -> throw refused("reads '.%s' of".formatted(name), of, line);
    };
  }

  static Value item(Value of, Value index, int line) {
    return switch (of) {
      case Fields _, Space _, Loop _ when index instanceof Text key -> {
        if (PythonNames.isOnMappings(key.chars())) {
          throw new JinjaException(line, "reads ['%s'], which is Python's".formatted(key));
        }
        yield attribute(of, key.chars(), line);
      }
      case Items items when items.isSequence() ->
          place(whole(index, line), items.all().size())
              .<Value>map(items.all()::get)
              .orElse(Absent.UNDEFINED);
      case Text text ->
          place(whole(index, line), text.points()).<Value>map(text::point).orElse(Absent.UNDEFINED);
      case Nothing _ -> Absent.UNDEFINED;
      default -> throw refused("reads an item of", of, line);
    };
  }

  private static Optional<Integer> place(long index, int size) {
    long place = index < 0 ? index + size : index;
    return place < 0 || place >= size ? Optional.empty() : Optional.of((int) place);
  }

  /** Python's slices; a bound that is none is the end it stands for. */
  static Value slice(Value of, Value from, Value to, Value step, int line) {
    long by = step instanceof Nothing ? 1 : whole(step, line);
    if (by == 0) {
      throw new JinjaException(line, "takes a slice by steps of 0");
    }
    int size =
        switch (of) {
          case Text text -> text.points();
          case Items items when items.isSequence() -> items.all().size();
          default -> throw refused("takes a slice of", of, line);
        };
    long least = by > 0 ? 0 : -1;
    long most = by > 0 ? size : size - 1;
    long first = bound(from, by > 0 ? least : most, size, least, most, line);
    long end = bound(to, by > 0 ? most : least, size, least, most, line);
    IntStream places =
        LongStream.iterate(first, i -> by > 0 ? i < end : i > end, i -> i + by)
            .mapToInt(Math::toIntExact);
    if (of instanceof Items items) {
      return new Items(places.mapToObj(items.all()::get).toList(), items.form());
    }
    return text(of, line).points(places.toArray());
  }

  private static long bound(Value said, long otherwise, int size, long least, long most, int line) {
    if (said instanceof Nothing) {
      return otherwise;
    }
    long place = whole(said, line);
    return Math.clamp(place < 0 ? place + size : place, least, most);
  }

  static JinjaException refused(String what, Value value, int line) {
    return new JinjaException(line, "%s %s".formatted(what, value.kind()));
  }
}
