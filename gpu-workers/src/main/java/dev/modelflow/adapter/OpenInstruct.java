package dev.modelflow.adapter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A checkout of open-instruct whose environment lies in {@code .venv}, as {@code uv sync} makes it.
 */
record OpenInstruct(Path checkout) {
  /** Its interpreter. */
  String python() {
    return checkout.resolve(".venv/bin/python").toString();
  }

  /** A program of it. */
  String program(String name) {
    return checkout.resolve("open_instruct").resolve(name).toString();
  }

  /** Values of command-line flags, in order. */
  static final class Flags {
    private final List<String> flags = new ArrayList<>();

    /** Adds {@code --name value...}; without values a flag that stands alone. */
    Flags add(String name, Object... values) {
      flags.add("--" + name);
      for (Object value : values) {
        flags.add(String.valueOf(value));
      }
      return this;
    }

    List<String> list() {
      return List.copyOf(flags);
    }
  }
}
