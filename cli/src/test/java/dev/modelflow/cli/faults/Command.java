package dev.modelflow.cli.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs programs of this machine to their ends. */
public final class Command {
  private Command() {}

  /**
   * Runs one with nothing to read, in this process's environment.
   *
   * @param output where both of its outputs go; into the answer with {@code PIPE}
   */
  public static Answer run(List<String> command, ProcessBuilder.Redirect output) {
    try {
      Process process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(process.waitFor(), text);
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not start " + command.getFirst(), failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a command worked", stopped);
    }
  }

  /** How a command ended, and what it wrote. */
  public record Answer(int code, String text) {}
}
