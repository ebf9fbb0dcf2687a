package dev.modelflow.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
  @Option(
      names = "--from",
      required = true,
      paramLabel = "STAGE@STEP",
      description = "The checkpoint, also as an artifact's id.")
  private String from;

  @Override
  public Integer call() throws InterruptedException {
    return derive("branch", Map.of("checkpoint", from));
  }
}
