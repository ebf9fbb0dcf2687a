package dev.modelflow.cli.client;

import dev.modelflow.recipe.Problem;
import java.util.List;

/** The server refused a request; the message is its own sentence. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final transient List<Problem> problems;

  ApiException(int status, String message, List<Problem> problems) {
    super(message);
    this.status = status;
    this.problems = List.copyOf(problems);
  }

  /** The HTTP status; 0 when no server answered. */
  public int status() {
    return status;
  }

  /** What is wrong with the recipe, where that is the reason. */
  public List<Problem> problems() {
    return problems;
  }
}
