package dev.modelflow.text.jinja;

import dev.modelflow.text.jinja.Value.Items;
import dev.modelflow.text.jinja.Value.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The operators between two values. */
final class Operators {
  /** How often a list is copied until it is joined to another. */
  private static final int COPIES = 4;

  private final Budget budget;

  Operators(Budget budget) {
    this.budget = budget;
  }

  Value compute(String operator, Value left, Value right, int line) {
    if (operator.equals("~")) {
      return joined(Values.printed(left, line), Values.printed(right, line), line);
    }
    if (operator.equals("+") && left instanceof Text one && right instanceof Text other) {
      return joined(one, other, line);
    }
    if (operator.equals("+")
        && left instanceof Items one
        && right instanceof Items other
        && one.isSequence()
        && one.form() == other.form()) {
      return joined(one, other, line);
    }
    OptionalLong one = Values.number(left);
    OptionalLong other = Values.number(right);
    if (one.isEmpty() || other.isEmpty()) {
      throw new JinjaException(
          line, "has '%s' between %s and %s".formatted(operator, left.kind(), right.kind()));
    }
    return new Whole(number(operator, one.getAsLong(), other.getAsLong(), line));
  }

  private static long number(String operator, long left, long right, int line) {
    try {
      return switch (operator) {
        case "+" -> Math.addExact(left, right);
        case "-" -> Math.subtractExact(left, right);
        case "*" -> Math.multiplyExact(left, right);
        case "//" -> Math.floorDiv(left, right);
        case "%" -> Math.floorMod(left, right);
        default -> throw new JinjaException(line, "has the operator '%s'".formatted(operator));
      };
    } catch (ArithmeticException _) {
      throw new JinjaException(
          line, "computes %d %s %d, which is no number here".formatted(left, operator, right));
    }
  }

  private Text joined(Text left, Text right, int line) {
    budget.characters((long) left.length() + right.length(), line);
    return Text.joined(List.of(left, right));
  }

  private Items joined(Items left, Items right, int line) {
    budget.work(COPIES * ((long) left.all().size() + right.all().size()), line);
    List<Value> all = new ArrayList<>(left.all());
    all.addAll(right.all());
    return new Items(all, left.form());
  }

  boolean holds(String operator, Value left, Value right, int line) {
    return switch (operator) {
      case "==" -> Values.equal(left, right, line);
      case "!=" -> !Values.equal(left, right, line);
      case "in" -> Values.contains(right, left, budget, line);
      case "not in" -> !Values.contains(right, left, budget, line);
      default -> ordered(operator, Values.whole(left, line), Values.whole(right, line));
    };
  }

  private static boolean ordered(String operator, long left, long right) {
    return switch (operator) {
      case "<" -> left < right;
      case "<=" -> left <= right;
      case ">" -> left > right;
      default -> left >= right;
    };
  }
}
