package dev.modelflow.text.jinja;

import dev.modelflow.text.jinja.Builtins.Given;
import dev.modelflow.text.jinja.Expression.Arguments;
import dev.modelflow.text.jinja.Expression.Link;
import dev.modelflow.text.jinja.Statement.Branch;
import dev.modelflow.text.jinja.Value.Items;
import dev.modelflow.text.jinja.Value.Items.Form;
import dev.modelflow.text.jinja.Value.Space;
import dev.modelflow.text.jinja.Value.Truth;
import dev.modelflow.text.jinja.Value.Whole;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One rendering of a template. */
final class Rendering {
  /** What a loop's round takes, or whether it is one, in characters that are copied. */
  private static final int ROUND = 64;

  private final Budget budget = new Budget();
  private final Operators operators = new Operators(budget);
  private final Builtins builtins = new Builtins(budget);
  private List<Text> written = new ArrayList<>();
  private long length;

  Text render(List<Statement> statements, Map<String, Value> variables) {
    all(statements, new Scope(variables));
    return Text.joined(written);
  }

  private void all(List<Statement> statements, Scope scope) {
    statements.forEach(statement -> one(statement, scope));
  }

  private void one(Statement statement, Scope scope) {
    switch (statement) {
      case Statement.Data data -> write(data.text(), data.line());
      case Statement.Output output -> {
        int line = output.of().line();
        write(Values.printed(value(output.of(), scope), line), line);
      }
      case Statement.If condition -> choose(condition, scope);
      case Statement.For loop -> loop(loop, scope);
      case Statement.Set set -> set(set, scope);
      case Statement.Capture capture -> capture(capture, scope);
    }
  }

  private void write(Text text, int line) {
    length += text.length();
    budget.requireFits(length, line);
    budget.work(text.length(), line);
    written.add(text);
  }

  private void choose(Statement.If condition, Scope scope) {
    for (Branch branch : condition.branches()) {
      if (truth(branch.when(), scope)) {
        all(branch.body(), scope);
        return;
      }
    }
    all(condition.otherwise(), scope);
  }

  private void set(Statement.Set set, Scope scope) {
    Value value = Values.kept(value(set.value(), scope), set.line());
    if (set.field() == null) {
      scope.set(set.name(), value);
    } else if (scope.get(set.name()) instanceof Space space) {
      space.all().put(set.field(), value);
    } else {
      throw new JinjaException(
          set.line(), "sets '.%s' of what is no namespace".formatted(set.field()));
    }
  }

  private void capture(Statement.Capture capture, Scope scope) {
    List<Text> around = written;
    long before = length;
    written = new ArrayList<>();
    all(capture.body(), scope.inner());
    scope.set(capture.name(), Text.joined(written));
    written = around;
    length = before;
  }

  private void loop(Statement.For loop, Scope scope) {
    Value over = weighed(value(loop.over(), scope), loop.line());
    Loop rounds = new Loop(chosen(loop, Values.each(over, budget, loop.line()), scope));
    Value each = rounds.next();
    if (each == null) {
      all(loop.otherwise(), scope.inner());
    }
    for (; each != null; each = rounds.next()) {
      Scope inner = round(loop, each, scope);
      inner.set("loop", rounds);
      all(loop.body(), inner);
    }
  }

  /** What a loop's condition holds for, which is asked when its round has come. */
  private Iterator<Value> chosen(Statement.For loop, List<Value> all, Scope scope) {
    Expression when = loop.when();
    return when == null
        ? all.iterator()
        : all.stream().filter(each -> truth(when, round(loop, each, scope))).iterator();
  }

  private Scope round(Statement.For loop, Value each, Scope scope) {
    budget.work(ROUND, loop.line());
    Scope inner = scope.inner();
    unpack(loop, each, inner);
    return inner;
  }

  private static void unpack(Statement.For loop, Value each, Scope inner) {
    List<String> names = loop.names();
    if (names.size() == 1) {
      inner.set(names.getFirst(), each);
    } else if (each instanceof Items items && items.all().size() == names.size()) {
      for (int i = 0; i < names.size(); i++) {
        inner.set(names.get(i), items.all().get(i));
      }
    } else {
      throw Values.refused("takes %d names of".formatted(names.size()), each, loop.line());
    }
  }

  private boolean truth(Expression expression, Scope scope) {
    return Values.truth(value(expression, scope), expression.line());
  }

  private Value value(Expression expression, Scope scope) {
    budget.enter(expression.line());
    Value value =
        switch (expression) {
          case Expression.Literal literal -> literal.value();
          case Expression.Name name -> scope.get(name.name());
          case Expression.Listing list -> Items.of(kept(list.all(), scope));
          case Expression.Tuple tuple -> new Items(kept(tuple.all(), scope), Form.TUPLE);
          case Expression.Binary(var operator, var left, var right, var line) ->
              operators.compute(operator, value(left, scope), value(right, scope), line);
          case Expression.Junction junction -> junction(junction, scope);
          case Expression.Not not -> new Truth(!truth(not.of(), scope));
          case Expression.Negated(var of, var line) ->
              operators.compute("-", new Whole(0), value(of, scope), line);
          case Expression.Comparison comparison -> new Truth(holds(comparison, scope));
          case Expression.Choice choice -> choice(choice, scope);
          case Expression.Attribute(var of, var name, var line) ->
              Values.attribute(value(of, scope), name, line);
          case Expression.Item(var of, var index, var line) ->
              Values.item(weighed(value(of, scope), line), value(index, scope), line);
          case Expression.Slice(var of, var from, var to, var step, var line) ->
              Values.slice(
                  weighed(value(of, scope), line),
                  bound(from, scope),
                  bound(to, scope),
                  bound(step, scope),
                  line);
          case Expression.Call call -> call(call, scope);
        };
    budget.leave();
    return value;
  }

  /** What looks at all of a value takes as much as there is of it. */
  private Value weighed(Value value, int line) {
    budget.work(Values.weight(value), line);
    return value;
  }

  private List<Value> values(List<Expression> all, Scope scope) {
    return all.stream().map(each -> value(each, scope)).toList();
  }

  private List<Value> kept(List<Expression> all, Scope scope) {
    return all.stream().map(each -> Values.kept(value(each, scope), each.line())).toList();
  }

  private Value bound(@Nullable Expression said, Scope scope) {
    return said == null ? Value.Nothing.NONE : value(said, scope);
  }

  /** Python gives the side that decides, not its truth. */
  private Value junction(Expression.Junction junction, Scope scope) {
    Value left = value(junction.left(), scope);
    return Values.truth(left, junction.line()) == junction.and()
        ? value(junction.right(), scope)
        : left;
  }

  private boolean holds(Expression.Comparison comparison, Scope scope) {
    Value left = value(comparison.first(), scope);
    for (Link link : comparison.links()) {
      Value right = weighed(value(link.other(), scope), comparison.line());
      if (!operators.holds(link.operator(), left, right, comparison.line())) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Value choice(Expression.Choice choice, Scope scope) {
    if (truth(choice.when(), scope)) {
      return value(choice.then(), scope);
    }
    return choice.otherwise() == null ? Value.Absent.UNDEFINED : value(choice.otherwise(), scope);
  }

  private Value call(Expression.Call call, Scope scope) {
    Arguments arguments = call.arguments();
    Value on =
        call.on() == null ? Value.Absent.UNDEFINED : weighed(value(call.on(), scope), call.line());
    Map<String, Value> named = new LinkedHashMap<>();
    arguments.named().forEach((name, each) -> named.put(name, value(each, scope)));
    Given given = new Given(values(arguments.plain(), scope), named, call.line());
    String name = call.builtin().name();
    return switch (call.builtin().role()) {
      case FUNCTION -> Builtins.function(name, given);
      case METHOD -> builtins.method(name, on, given);
      case FILTER -> builtins.filter(name, on, given);
      case TEST ->
          new Truth(builtins.test(name, on, given.at(0, Value.Absent.UNDEFINED), call.line()));
    };
  }
}
