package dev.modelflow.cli.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Docker Compose on the stack under test, which the environment names. */
final class Compose {
  private static final Path SCRIPT = Path.of("../docker/compose");

  /** Throws {@link NothingToDisturbException} with what was said when the command fails. */
  void run(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(SCRIPT.toAbsolutePath().normalize().toString()));
    command.addAll(arguments);
    Command.Answer answer = Command.run(command, ProcessBuilder.Redirect.PIPE);
    if (answer.code() != 0) {
      throw new NothingToDisturbException(
          "compose %s ended with %d: %s"
              .formatted(arguments.getFirst(), answer.code(), answer.text().strip()));
    }
  }
}
