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
    name = "rerun",
    description = "Runs a recipe again from a stage on; everything before it is reused.",
    footer = {"", "Example: modelflow rerun 01kb3x --from sft --set sft.learningRate=5e-4"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RerunCommand extends Deriving {
  @Parameters(paramLabel = "RUN", description = "The run to repeat.")
  private String run;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "STAGE",
      description = "The first stage that is done anew.")
  private String from;

  @Option(names = "--set", paramLabel = "STAGE.KEY=VALUE", description = "Change a key.")
  private @Nullable List<String> settings;

  @Override
  public Integer call() throws IOException, InterruptedException {
    return derive(
        Api.path("runs", run, "rerun"), Map.of("from", from, "overrides", overrides(settings)));
  }
}
