package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.cli.faults.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The stack in containers that the environment names, asked with the programs of this machine. */
final class Containers {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private Containers() {}

  /** Docker Compose on the stack, however it ends. */
  static Command.Answer compose(String... arguments) {
    return run(ROOT.resolve("docker/compose").toString(), List.of(arguments));
  }

  /** The lines that Docker writes; it must succeed. */
  static List<String> docker(List<String> arguments) {
    return written(run("docker", arguments)).lines().toList();
  }

  /** The stack brought up again from images of another commit, however that ends. */
  static Command.Answer upgrade(String commit) {
    return run(
        "env",
        List.of("MODELFLOW_COMMIT=" + commit, ROOT.resolve("docker/stack").toString(), "up"));
  }

  /** What a program wrote that must have succeeded. */
  static String written(Command.Answer answer) {
    assertThat(answer.code()).as(answer.text()).isZero();
    return answer.text();
  }

  /** A file of the repository. */
  static String file(String name) {
    return ROOT.resolve(name).toString();
  }

  private static Command.Answer run(String program, List<String> arguments) {
    assertThat(System.getenv("COMPOSE_PROJECT_NAME"))
        .as(
            "COMPOSE_PROJECT_NAME, which ./modelflow test --stack sets: a real stack stays as it is")
        .isEqualTo("modelflow-test");
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    return Command.run(command, ProcessBuilder.Redirect.PIPE);
  }
}
