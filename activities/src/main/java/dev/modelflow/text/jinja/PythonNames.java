package dev.modelflow.text.jinja;

import java.util.Set;

/** Names by which Jinja finds what is Python's before it looks for a template's field. */
final class PythonNames {
  private static final Set<String> ON_MAPPINGS =
      Set.of(
          "get",
          "items",
          "keys",
          "values",
          "copy",
          "pop",
          "popitem",
          "update",
          "clear",
          "setdefault",
          "fromkeys");

  private PythonNames() {}

  /** Whether Python has it on its mappings, so that a field of this name is not what is found. */
  static boolean isOnMappings(String name) {
    return ON_MAPPINGS.contains(name);
  }

  /** Whether a field of this name cannot stand behind a point. */
  static boolean hidesField(String name) {
    return name.startsWith("_") || isOnMappings(name);
  }
}
