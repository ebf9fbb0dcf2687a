package dev.modelflow.cli.client;

import dev.modelflow.recipe.Problem;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads refusals (RFC 9457). */
final class ApiProblems {
  private ApiProblems() {}

  static ApiException read(JsonMapper json, int status, String body) {
    try {
      JsonNode problem = json.readTree(body);
      String detail = problem.path("detail").asString("");
      List<Problem> problems = new ArrayList<>();
      for (JsonNode each : problem.path("problems")) {
        problems.add(problem(each));
      }
      return new ApiException(
          status, detail.isEmpty() ? "The server refused with " + status : detail, problems);
    } catch (JacksonException notJson) {
      return new ApiException(status, "The server refused with " + status, List.of());
    }
  }

  private static Problem problem(JsonNode node) {
    return new Problem(
        node.path("file").asString("recipe"),
        node.path("line").asInt(0),
        node.path("column").asInt(0),
        node.path("path").asString(""),
        node.path("message").asString(""),
        node.path("nearest").isString() ? node.path("nearest").asString() : null);
  }
}
