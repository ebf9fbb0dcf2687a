package dev.modelflow.cli.bench.engine;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program that does something measurable for each line that it is asked, and says how it went.
 */
final class MeasuredProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter asked;

  private MeasuredProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    answers = process.inputReader();
    asked = process.outputWriter();
  }

  /**
   * Starts it; what it says besides answers goes where this program's errors go.
   *
   * @param name for a person
   */
  static MeasuredProcess start(String name, ProcessBuilder builder) throws IOException {
    return new MeasuredProcess(
        name, builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /**
   * The line that answers this one.
   *
   * @throws IOException when it ended instead
   */
  String ask(String line) throws IOException, InterruptedException {
    try {
      asked.write(line);
      asked.newLine();
      asked.flush();
    } catch (IOException gone) {
      throw ended(gone);
    }
    String answer = answers.readLine();
    if (answer == null) {
      throw ended(null);
    }
    return answer;
  }

  private IOException ended(@Nullable IOException cause) throws InterruptedException {
    String how =
        process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
            ? "ended with exit code " + process.exitValue()
            : "answers no more";
    return new IOException(name + " " + how, cause);
  }

  /** Kills it and waits for its end, after which it writes nothing any more. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
