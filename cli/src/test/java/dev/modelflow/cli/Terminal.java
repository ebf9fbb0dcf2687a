package dev.modelflow.cli;

import dev.modelflow.cli.faults.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code ./modelflow} on a terminal, which util-linux's {@code script} gives it. */
final class Terminal implements AutoCloseable {
  private final Process process;
  private final BufferedReader screen;
  private final StringBuilder shown = new StringBuilder();

  /**
   * Starts a command.
   *
   * @param home its state folder
   */
  Terminal(Path home, List<String> arguments) throws IOException {
    String command =
        Stream.concat(Stream.of(Containers.file("modelflow")), arguments.stream())
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    ProcessBuilder builder =
        new ProcessBuilder("script", "--quiet", "--return", "--command", command, "/dev/null")
            .redirectErrorStream(true);
    builder.environment().put("MODELFLOW_HOME", home.toString());
    builder.environment().put("TERM", "xterm");
    process = builder.start();
    screen = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Reads on until a line has this; returns its first group. */
  String await(Pattern wanted) throws IOException, InterruptedException {
    for (String line = screen.readLine(); line != null; line = screen.readLine()) {
      shown.append(line).append('\n');
      Matcher found = wanted.matcher(line);
      if (found.find()) {
        return found.group(1);
      }
    }
    throw new AssertionError("The command ended with " + process.waitFor() + ": " + shown);
  }

  /** Reads on to the end, while the caller does something else: what is not read holds it up. */
  CompletableFuture<Command.Answer> end() {
    return CompletableFuture.supplyAsync(
        () -> {
          screen.lines().forEach(line -> shown.append(line).append('\n'));
          return new Command.Answer(process.onExit().join().exitValue(), shown.toString());
        });
  }

  /** Ends the command if it has not ended; a run that it watches goes on. */
  @Override
  public void close() {
    process.destroy();
  }
}
