package dev.modelflow.cli;

import picocli.CommandLine.Command;

@Command(
    name = "uncordon",
    description = "Has a cordoned or drained worker take attempts again.",
    footer = {"", "Example: modelflow workers uncordon gpu-1"})
final class UncordonCommand extends WorkerAction {
  @Override
  public Integer call() {
    return tell("uncordon", "Worker %s takes attempts again.");
  }
}
