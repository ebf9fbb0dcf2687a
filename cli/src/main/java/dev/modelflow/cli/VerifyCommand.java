package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "verify",
    description = {
      "Hashes every object of an artifact anew; exit code 1, naming each file that is",
      "missing or differs."
    },
    footer = {"", "Example: modelflow verify 3f2a9c"})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class VerifyCommand extends Asking {
  @Parameters(paramLabel = "ARTIFACT", description = "The artifact's id, or its first characters.")
  private String artifact;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Api api = api();
    String id = artifactId(api, artifact);
    JsonNode answer = api.post(Api.path("artifacts", id, "verify"), Map.of());
    boolean intact = answer.path("intact").asBoolean(false);
    if (json) {
      sayJson(answer);
    } else {
      for (JsonNode fault : answer.path("faults")) {
        String aside =
            fault.path("setAside").asBoolean(false)
                ? "; it is set aside and counts as missing until a rerun makes it again"
                : "";
        say(text(fault, "path") + ": " + text(fault, "problem") + aside);
      }
      say(
          intact
              ? "All %d files of %s are as recorded.".formatted(answer.path("files").asInt(0), id)
              : "Artifact " + id + " is damaged.");
    }
    return intact ? 0 : 1;
  }
}
