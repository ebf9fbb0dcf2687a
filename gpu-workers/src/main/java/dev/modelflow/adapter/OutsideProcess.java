package dev.modelflow.adapter;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A trainer of others while it runs. What it prints goes to this process's standard error, which is
 * the attempt's log. Its standard input is a pipe that closes with this process, by which its
 * scripts know when to end.
 */
final class OutsideProcess implements AutoCloseable {
  // What it started may keep its output open.
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Process process;
  private final Thread printed;

  private OutsideProcess(Process process) {
    this.process = process;
    printed = Thread.ofVirtual().name("printed").start(this::read);
  }

  /**
   * Starts a command.
   *
   * @param environment added to this process's own
   */
  static OutsideProcess start(List<String> command, Path folder, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new OutsideProcess(builder.start());
  }

  private void read() {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        System.err.println(line);
      }
    } catch (IOException gone) {
      System.err.println("The trainer's output broke: " + gone.getMessage());
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end, and a little for that of the output, and returns the status. */
  int status() throws InterruptedException {
    int status = process.waitFor();
    printed.join(LAST_WORDS);
    return status;
  }

  /** Ends it and everything that it started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
