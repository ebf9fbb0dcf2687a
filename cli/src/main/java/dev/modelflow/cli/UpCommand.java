package dev.modelflow.cli;

import dev.modelflow.cli.stack.StackFile;
import picocli.CommandLine.Command;

@Command(
    name = "up",
    description = "Starts the embedded stack; what was running goes on by itself.",
    footer = {"", "Example: MODELFLOW_PORT=8080 modelflow up"})
final class UpCommand extends Base {
  @Override
  public Integer call() {
    StackFile stack = stackUp();
    say("The stack is up. Dashboard: " + dashboard(stack));
    return 0;
  }
}
