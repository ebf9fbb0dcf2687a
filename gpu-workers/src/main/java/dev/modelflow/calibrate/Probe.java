package dev.modelflow.calibrate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A process that measures one way to start, and how it does. Once it has failed it stays so. */
final class Probe implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Probe.class);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration DEATH = Duration.ofSeconds(5);

  private final Tuning tuning;
  private final Process process;
  private final Path errors;
  private final Duration patience;
  private final Writer questions;
  private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();
  private String core = "";
  private @Nullable Score score;
  private @Nullable String failure;

  /**
   * Starts the process.
   *
   * @param folder for what it says on standard error
   * @param patience after which a process that does not answer has failed
   */
  Probe(Tuning tuning, Starter starter, Path folder, Duration patience) throws IOException {
    this.tuning = tuning;
    this.patience = patience;
    errors = Files.createTempFile(folder, "probe", ".txt");
    process = starter.process(tuning).redirectError(errors.toFile()).start();
    questions = process.outputWriter();
    Thread.ofVirtual().name("probe-" + process.pid()).start(this::read);
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.add(Optional.of(line));
      }
    } catch (IOException gone) {
      LOG.debug("Standard output of probe {} ended: {}", process.pid(), gone.getMessage());
    } finally {
      answers.add(Optional.empty());
    }
  }

  /** What it measures. */
  Tuning tuning() {
    return tuning;
  }

  /** Kernels that OpenBLAS said it uses; empty where it said nothing. */
  String core() {
    return core;
  }

  /**
   * Waits for the next line that says which kernels it uses: it says one when it has started and
   * one when it is warmed up. False when it failed instead.
   */
  boolean ready() throws InterruptedException {
    if (failure == null) {
      answer(Ready.class).ifPresent(ready -> core = ready.core());
    }
    return failure == null;
  }

  /** Has it make ready what it measures, which {@link #ready} waits for. */
  void warmUp() throws InterruptedException {
    send(CalibrationProbe.WARM_UP);
  }

  /** Measures once more and keeps the best; false when it failed instead. */
  boolean round() throws InterruptedException {
    ask(CalibrationProbe.ROUND, Score.class)
        .ifPresent(next -> score = score == null ? next : score.best(next));
    return failure == null;
  }

  /** The numbers besides; empty when they could not be measured. */
  Optional<Beside> beside() throws InterruptedException {
    return ask(CalibrationProbe.BESIDE, Beside.class);
  }

  /** Its speed so far; 0 when it failed or was never asked. */
  double speed() {
    return failure != null || score == null ? 0 : score.speed();
  }

  /** What it measured up to now counts no more, so that it starts level with others. */
  void forget() {
    score = null;
  }

  /** How it did; empty when it was never asked. */
  Optional<Trial> trial() {
    if (failure != null) {
      return Optional.of(Trial.failed(tuning, core, failure));
    }
    return score == null ? Optional.empty() : Optional.of(Trial.measured(tuning, core, score));
  }

  /** Why it failed; empty when it did not. */
  String failure() {
    return failure == null ? "" : failure;
  }

  private record Ready(String core) {}

  private <T> Optional<T> ask(String question, Class<T> form) throws InterruptedException {
    send(question);
    return failure == null ? answer(form) : Optional.empty();
  }

  private void send(String question) throws InterruptedException {
    if (failure != null) {
      return;
    }
    try {
      questions.write(question + "\n");
      questions.flush();
    } catch (IOException gone) {
      failure = end();
    }
  }

  private <T> Optional<T> answer(Class<T> form) throws InterruptedException {
    Optional<String> line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      return fail("it gave no answer in %d seconds".formatted(patience.toSeconds()));
    }
    if (line.isEmpty()) {
      return fail(end());
    }
    try {
      return Optional.of(JSON.readValue(line.get(), form));
    } catch (JacksonException strange) {
      return fail("it answered '%s'".formatted(line.get()));
    }
  }

  private <T> Optional<T> fail(String why) {
    failure = why;
    return Optional.empty();
  }

  /** How a process ended whose output has ended. */
  private String end() throws InterruptedException {
    if (!process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS)) {
      return "it closed its output and went on";
    }
    String last = lastWords();
    String end = "it ended with exit code " + process.exitValue();
    return last.isEmpty() ? end : end + ": " + last;
  }

  private String lastWords() {
    try {
      return Files.readString(errors)
          .lines()
          .map(String::strip)
          // Of a stack trace, what was thrown first says most.
          .filter(line -> !line.isEmpty() && !line.startsWith("at ") && !line.startsWith("... "))
          .reduce("", (_, later) -> later);
    } catch (IOException unknown) {
      return "";
    }
  }

  /** Ends the process. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
