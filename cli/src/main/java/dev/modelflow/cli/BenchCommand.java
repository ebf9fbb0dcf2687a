package dev.modelflow.cli;

import picocli.CommandLine.Command;

@Command(
    name = "bench",
    description = "Measures what the documentation claims.",
    subcommands = {
      BenchEngineCommand.class,
      BenchLearningCommand.class,
      BenchPlatformCommand.class
    },
    footer = {"", "Example: modelflow bench learning"})
final class BenchCommand extends Base {
  @Override
  public Integer call() {
    spec.commandLine().usage(out());
    return 2;
  }
}
