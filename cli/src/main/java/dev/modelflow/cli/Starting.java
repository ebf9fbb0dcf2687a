package dev.modelflow.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Starts a run, with changes to its recipe, and follows it unless that is not wanted. */
abstract class Starting extends Following {
  @Option(names = "--set", paramLabel = "STAGE.KEY=VALUE", description = "Change a key.")
  private @Nullable List<String> settings;

  @Option(
      names = {"-d", "--detach"},
      description = "Start the run, print its id, and return.")
  private boolean detach;

  @Option(names = "--json", description = "Print JSON; does not watch the run.")
  private boolean json;

  /** What was asked for to change in the recipe. */
  Map<String, @Nullable Object> overrides() {
    return overrides(settings);
  }

  /** Whether JSON was asked for. */
  boolean isJson() {
    return json;
  }

  /**
   * Asks for a run and says what came of it. Returns the exit code.
   *
   * @param body of the request
   * @param of what it is a run of, in words that follow its id
   */
  int start(Server server, String path, Map<String, ? extends @Nullable Object> body, String of)
      throws InterruptedException {
    JsonNode started = server.api().post(path, body);
    String id = text(started, "id");
    if (json) {
      sayJson(started);
      return 0;
    }
    if (detach) {
      say(id);
      return 0;
    }
    say("Run " + id + of + "   " + server.page(id));
    return follow(server, id);
  }
}
