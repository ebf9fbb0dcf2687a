package dev.modelflow.text.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables: what a loop sets is gone with each of its rounds. */
final class Scope {
  private final @Nullable Scope around;
  private final Map<String, Value> values = new HashMap<>();

  Scope(Map<String, Value> values) {
    around = null;
    this.values.putAll(values);
  }

  private Scope(Scope around) {
    this.around = around;
  }

  Scope inner() {
    return new Scope(this);
  }

  Value get(String name) {
    for (Scope scope = this; scope != null; scope = scope.around) {
      Value value = scope.values.get(name);
      if (value != null) {
        return value;
      }
    }
    return Value.Absent.UNDEFINED;
  }

  void set(String name, Value value) {
    values.put(name, value);
  }
}
