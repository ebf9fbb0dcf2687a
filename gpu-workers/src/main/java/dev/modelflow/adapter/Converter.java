package dev.modelflow.adapter;

import dev.modelflow.adapter.SavedSteps.Saved;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The process that turns OLMo-core's checkpoints, which are folders of PyTorch's distributed
 * format, into safetensors while training goes on. It starts with the first checkpoint.
 */
final class Converter implements AutoCloseable {
  /** A checkpoint whose tensors lie in {@code folder}. */
  record Converted(Saved saved, Path folder) {
    int step() {
      return saved.step();
    }
  }

  private final List<String> command;
  private final Path folder;
  private final Map<String, String> environment;
  private final Queue<Saved> waiting = new ArrayDeque<>();
  private final Queue<String> answers = new ConcurrentLinkedQueue<>();
  private @Nullable Process process;

  /**
   * A converter that writes into {@code folder}.
   *
   * @param environment added to this process's own
   */
  Converter(List<String> command, Path folder, Map<String, String> environment) {
    this.command = command;
    this.folder = folder;
    this.environment = environment;
  }

  /** Asks for a checkpoint, which must stay as it is until {@link #next} gives it. */
  void add(Saved checkpoint) throws IOException {
    Process started = process;
    if (started == null) {
      started = start();
      process = started;
    }
    waiting.add(checkpoint);
    Writer out = started.outputWriter();
    out.write(checkpoint.folder() + "\t" + target(checkpoint.step()) + "\n");
    out.flush();
  }

  /** Those that were converted since the last call, in the order of {@link #add}. */
  List<Converted> next() throws IOException {
    List<Converted> converted = new ArrayList<>();
    for (String answer = answers.poll(); answer != null; answer = answers.poll()) {
      Saved saved = waiting.remove();
      Path target = target(saved.step());
      if (!answer.equals(target.toString())) {
        throw new IOException(
            "The converter answered '%s' for step %d".formatted(answer, saved.step()));
      }
      converted.add(new Converted(saved, target));
    }
    if (converted.isEmpty() && isBroken()) {
      throw new IOException(
          "The converter of OLMo-core's checkpoints ended before step %d was converted; the attempt's log says why"
              .formatted(waiting.element().step()));
    }
    return converted;
  }

  /** What {@link #next} gives next; null when all was given. */
  @Nullable Saved waiting() {
    return waiting.peek();
  }

  private boolean isBroken() {
    Process started = process;
    return started != null && !started.isAlive() && !waiting.isEmpty() && answers.isEmpty();
  }

  private Path target(int step) {
    return folder.resolve("converted-" + step);
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    Process started = builder.start();
    Thread.ofVirtual().name("converted").start(() -> read(started));
    return started;
  }

  private void read(Process started) {
    try (BufferedReader lines = started.inputReader()) {
      lines.lines().forEach(answers::add);
    } catch (IOException | UncheckedIOException gone) {
      System.err.println("The converter's output broke: " + gone.getMessage());
    }
  }

  @Override
  public void close() {
    Process started = process;
    if (started != null) {
      started.destroyForcibly();
    }
  }
}
