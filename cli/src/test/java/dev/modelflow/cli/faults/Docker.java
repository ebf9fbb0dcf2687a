package dev.modelflow.cli.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The containers of one project of Compose on this machine's engine. */
final class Docker {
  private final String project;

  Docker(String project) {
    this.project = project;
  }

  /** Ids of a service's running containers, always in the same order. */
  List<String> containers(String service) {
    return run(List.of(
            "ps",
            "--filter",
            "label=com.docker.compose.project=" + project,
            "--filter",
            "label=com.docker.compose.service=" + service,
            "--filter",
            "label=com.docker.compose.oneoff=False",
            "--format",
            "{{.Names}}"))
        .text()
        .lines()
        .sorted()
        .toList();
  }

  /** How many of a service's containers are well. */
  long healthy(String service) {
    return run(List.of(
            "ps",
            "--filter",
            "label=com.docker.compose.project=" + project,
            "--filter",
            "label=com.docker.compose.service=" + service,
            "--filter",
            "label=com.docker.compose.oneoff=False",
            "--filter",
            "health=healthy",
            "--quiet"))
        .text()
        .lines()
        .count();
  }

  /** The first process of a container, as this machine sees it. */
  ProcessHandle process(String container) {
    String pid = run(List.of("inspect", "--format", "{{.State.Pid}}", container)).text().strip();
    return ProcessHandle.of(pid.isEmpty() ? 0 : Long.parseLong(pid))
        .orElseThrow(() -> new NothingToDisturbException(container + " does not run"));
  }

  /** Has root do something in a container. */
  Command.Answer inside(String container, String script) {
    return run(
        List.of("exec", "--user", "0", "--env", "LD_PRELOAD=", container, "sh", "-c", script));
  }

  /** Stops all of a container's processes where they are. */
  void pause(String container) {
    run(List.of("pause", container));
  }

  /** Lets them go on; harmless when they do. */
  void resume(String container) {
    run(List.of("unpause", container));
  }

  /** Everything that a service wrote, into a file. */
  void logs(String container, Path file) {
    start(List.of("logs", "--timestamps", container), ProcessBuilder.Redirect.to(file.toFile()));
  }

  private static Command.Answer run(List<String> arguments) {
    return start(arguments, ProcessBuilder.Redirect.PIPE);
  }

  private static Command.Answer start(List<String> arguments, ProcessBuilder.Redirect output) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(arguments);
    return Command.run(command, output);
  }
}
