package dev.modelflow.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an expression of a template gives. */
public sealed interface Value
    permits Text,
        Value.Nothing,
        Value.Absent,
        Value.Truth,
        Value.Whole,
        Value.Items,
        Value.Fields,
        Value.Space,
        Loop {
  /** Python's None. */
  enum Nothing implements Value {
    /** The only one. */
    NONE
  }

  /** What has not been set. */
  enum Absent implements Value {
    /** The only one. */
    UNDEFINED
  }

  /** True or false. */
  record Truth(boolean is) implements Value {}

  /** A whole number. */
  record Whole(long number) implements Value {}

  /** Values in order. */
  record Items(List<Value> all, Form form) implements Value {
    /** What Python has in its place. */
    enum Form {
      LIST("a list"),
      TUPLE("a tuple"),
      /** Of a mapping: it has no places. */
      VIEW("a mapping's items, without '| list',"),
      /** A generator, which gives its values once. */
      ONCE("what a filter has selected, without '| list',");

      private final String word;

      Form(String word) {
        this.word = word;
      }
    }

    /** Copies the list. */
    public Items {
      all = List.copyOf(all);
    }

    /** A list. */
    public static Items of(List<? extends Value> all) {
      return new Items(new ArrayList<>(all), Form.LIST);
    }

    boolean once() {
      return form == Form.ONCE;
    }

    /** Whether its values have places. */
    boolean isSequence() {
      return form == Form.LIST || form == Form.TUPLE;
    }
  }

  /** Values by names, in order. */
  record Fields(Map<String, Value> all) implements Value {
    /** Copies the map. */
    public Fields {
      all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
    }
  }

  /** A namespace, whose fields are set in loops. */
  record Space(Map<String, Value> all) implements Value {}

  /** What a value is called in a sentence. */
  default String kind() {
    return switch (this) {
      case Nothing _ -> "none";
      case Absent _ -> "something undefined";
      case Truth _ -> "true or false";
      case Whole _ -> "a number";
      case Text _ -> "a text";
      case Items items -> items.form().word;
      case Fields _ -> "a mapping";
      case Space _ -> "a namespace";
      case Loop _ -> "a loop";
    };
  }
}
