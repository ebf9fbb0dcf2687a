package dev.modelflow.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "rerun",
    description = "Runs a recipe again from a stage on; everything before it is reused.",
    footer = {"", "Example: modelflow rerun 01kb3x --from sft --set sft.learningRate=5e-4"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RerunCommand extends Deriving {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "STAGE",
      description = "The first stage that is done anew.")
  private String from;

  @Override
  public Integer call() throws InterruptedException {
    return derive("rerun", Map.of("from", from));
  }
}
