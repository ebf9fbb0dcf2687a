package dev.modelflow.recipe;

import java.util.List;
import java.util.stream.Collectors;

/** A recipe cannot be run; carries every problem that was found, in the order of the text. */
public final class RecipeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  RecipeException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** At least one problem, sorted by line and column. */
  public List<Problem> problems() {
    return problems;
  }
}
