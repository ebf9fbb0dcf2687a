package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "branch",
    description = {
      "Starts a new run at a checkpoint of another one, with changes.",
      "What does not change is reused."
    },
    footer = {
      "",
      "Example: modelflow branch 01kb3x --from midtrain@200 --set midtrain.mix.problems=0.6 --preview"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BranchCommand extends Deriving {
  @Parameters(paramLabel = "RUN", description = "The run to branch from.")
  private String run;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "STAGE@STEP",
      description = "The checkpoint, also as an artifact's id.")
  private String from;

  @Option(names = "--set", paramLabel = "STAGE.KEY=VALUE", description = "Change a key.")
  private @Nullable List<String> settings;

  @Override
  public Integer call() throws IOException, InterruptedException {
    return derive(
        Api.path("runs", run, "branch"),
        Map.of("checkpoint", from, "overrides", overrides(settings)));
  }
}
