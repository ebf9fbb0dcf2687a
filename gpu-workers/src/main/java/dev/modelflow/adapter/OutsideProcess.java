package dev.modelflow.adapter;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A trainer of others while it runs. What it prints goes to this process's standard error, which is
 * the attempt's log. Its standard input is a pipe that closes with this process, by which its
 * scripts know when to end.
 */
final class OutsideProcess implements AutoCloseable {
  private final Process process;
  private final Thread printed;

  private OutsideProcess(Process process, Consumer<String> lines) {
    this.process = process;
    printed = Thread.ofVirtual().name("printed").start(() -> read(lines));
  }

  /**
   * Starts a command.
   *
   * @param environment added to this process's own
   * @param lines takes each line that is printed, on a thread of its own
   */
  static OutsideProcess start(
      List<String> command, Path folder, Map<String, String> environment, Consumer<String> lines)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new OutsideProcess(builder.start(), lines);
  }

  private void read(Consumer<String> lines) {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        System.err.println(line);
        lines.accept(line);
      }
    } catch (IOException gone) {
      System.err.println("The trainer's output broke: " + gone.getMessage());
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGTERM, for programs that stop with a checkpoint then. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** Waits for the end, of the output too, and returns the status. */
  int status() throws InterruptedException {
    int status = process.waitFor();
    printed.join();
    return status;
  }

  /** Ends it and everything that it started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
