package dev.modelflow.cli;

import picocli.CommandLine.Command;

@Command(
    name = "down",
    description = "Ends the embedded stack; unfinished runs go on with the next up.",
    footer = {"", "Example: modelflow down"})
final class DownCommand extends Base {
  @Override
  public Integer call() {
    say(control().down() ? "The stack has ended." : "No stack was running.");
    return 0;
  }
}
