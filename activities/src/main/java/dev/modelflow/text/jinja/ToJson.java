package dev.modelflow.text.jinja;

import dev.modelflow.text.jinja.Value.Fields;
import dev.modelflow.text.jinja.Value.Items;
import dev.modelflow.text.jinja.Value.Nothing;
import dev.modelflow.text.jinja.Value.Truth;
import dev.modelflow.text.jinja.Value.Whole;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON as Python's {@code json.dumps} writes it, with characters beyond ASCII as they are. */
final class ToJson {
  private static final int MOST_LEVELS = 100;

  private final Budget budget;
  private final int line;
  private final List<Text> parts = new ArrayList<>();
  private int level;
  private long length;

  ToJson(Budget budget, int line) {
    this.budget = budget;
    this.line = line;
  }

  Text of(Value value) {
    write(value);
    return Text.joined(parts);
  }

  private void write(Value value) {
    if (++level > MOST_LEVELS) {
      throw new JinjaException(line, "writes JSON deeper than %d levels".formatted(MOST_LEVELS));
    }
    content(value);
    level--;
  }

  private void content(Value value) {
    switch (value) {
      case Text text -> quoted(text);
      case Whole whole -> template(Long.toString(whole.number()));
      case Truth truth -> template(truth.is() ? "true" : "false");
      case Nothing _ -> template("null");
      case Items items when items.isSequence() -> {
        template("[");
        for (int i = 0; i < items.all().size(); i++) {
          template(i == 0 ? "" : ", ");
          write(items.all().get(i));
        }
        template("]");
      }
      case Fields fields -> {
        String between = "{";
        for (var field : fields.all().entrySet()) {
          template(between);
          quoted(Text.of(field.getKey()));
          template(": ");
          write(field.getValue());
          between = ", ";
        }
        template(fields.all().isEmpty() ? "{}" : "}");
      }
      default -> throw Values.refused("writes as JSON", value, line);
    }
  }

  private void template(String text) {
    add(Text.of(text));
  }

  private void add(Text part) {
    length += part.length();
    budget.requireFits(length, line);
    budget.pieces(1, line);
    budget.work(part.length(), line);
    parts.add(part);
  }

  private void quoted(Text text) {
    template("\"");
    int from = 0;
    for (int at = 0; at < text.length(); at++) {
      String escaped = escaped(text.chars().charAt(at));
      if (escaped != null) {
        add(text.part(from, at));
        add(Text.of(escaped, text.source(at)));
        from = at + 1;
      }
    }
    add(text.part(from));
    template("\"");
  }

  private static @Nullable String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      default -> c < ' ' ? "\\u%04x".formatted((int) c) : null;
    };
  }
}
