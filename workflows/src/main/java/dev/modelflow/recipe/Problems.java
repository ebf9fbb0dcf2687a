package dev.modelflow.recipe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong, so that a person sees all of it at once. */
final class Problems {
  private final String file;
  private final List<Problem> found = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  void add(Position at, String path, String message) {
    add(at, path, message, null);
  }

  /** A problem with a word for which {@code candidates} would have been right. */
  void add(Position at, String path, String message, String word, Collection<String> candidates) {
    add(at, path, message, Nearest.to(word, candidates).orElse(null));
  }

  private void add(Position at, String path, String message, @Nullable String nearest) {
    String where = at.equals(Position.NONE) ? "override" : file;
    found.add(new Problem(where, at.line(), at.column(), path, message, nearest));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** Throws {@link RecipeException} with everything found, if anything was. */
  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new RecipeException(
          found.stream()
              .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
              .toList());
    }
  }
}
