package dev.modelflow.trainer;

import dev.modelflow.engine.evaluate.Score;
import dev.modelflow.engine.stage.StageEvents;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageResult.Output;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes the trainer contract's events, one JSON object a line, flushed at once. */
final class EventWriter implements StageEvents {
  private static final long PROGRESS_NANOS = 500_000_000;

  private final PrintStream out;
  private final BooleanSupplier stop;
  private final LongSupplier nanoTime;
  private long lastProgress;
  private @Nullable Progress latest;

  /** What was said last of the steps, written or not. */
  private record Progress(int step, int totalSteps, long tokens, double tokensPerSecond) {}

  EventWriter(PrintStream out, BooleanSupplier stop) {
    this(out, stop, System::nanoTime);
  }

  /** The same with a clock of one's own. */
  EventWriter(PrintStream out, BooleanSupplier stop, LongSupplier nanoTime) {
    this.out = out;
    this.stop = stop;
    this.nanoTime = nanoTime;
    lastProgress = nanoTime.getAsLong() - PROGRESS_NANOS;
  }

  @Override
  public synchronized void prepares(int step, int totalSteps, long tokens) {
    latest = new Progress(step, totalSteps, tokens, 0);
  }

  @Override
  public void started(int step, int totalSteps) {
    write("started", Map.of("step", step, "totalSteps", totalSteps));
  }

  /** Written twice a second at most, and always for the last step. */
  @Override
  public synchronized void progress(int step, int totalSteps, long tokens, double tokensPerSecond) {
    latest = new Progress(step, totalSteps, tokens, tokensPerSecond);
    write(latest, step >= totalSteps);
  }

  /** Writes the latest progress again, also twice a second at most. */
  @Override
  public synchronized void goesOn() {
    if (latest != null) {
      write(latest, false);
    }
  }

  private void write(Progress progress, boolean always) {
    long now = nanoTime.getAsLong();
    if (now - lastProgress < PROGRESS_NANOS && !always) {
      return;
    }
    lastProgress = now;
    write(
        "progress",
        ordered(
            "step", progress.step(),
            "totalSteps", progress.totalSteps(),
            "tokens", progress.tokens(),
            "tokensPerSecond", progress.tokensPerSecond()));
  }

  @Override
  public void metrics(int step, Map<String, Double> values) {
    write("metrics", ordered("step", step, "values", values));
  }

  @Override
  public void checkpoint(int step, long tokens, Path folder) {
    write("checkpoint", ordered("step", step, "tokens", tokens, "path", folder.toString()));
  }

  @Override
  public void evaluation(Score score) {
    write(
        "evaluation",
        ordered(
            "task", score.task(),
            "metric", score.metric(),
            "value", score.value(),
            "standardError", score.standardError(),
            "samples", score.samples(),
            "higherIsBetter", score.higherIsBetter()));
  }

  @Override
  public void log(String level, String message) {
    write("log", ordered("level", level, "message", message));
  }

  @Override
  public boolean stopRequested() {
    return stop.getAsBoolean();
  }

  void done(Map<String, Output> outputs) {
    Map<String, Object> described = new LinkedHashMap<>();
    outputs.forEach(
        (name, output) ->
            described.put(
                name,
                ordered(
                    "kind", output.kind().word(),
                    "path", output.path().toString(),
                    "properties", output.properties())));
    write("done", Map.of("outputs", described));
  }

  void stopped(int step) {
    write("stopped", Map.of("step", step));
  }

  void failed(StageFailure failure) {
    write(
        "failed",
        ordered(
            "class", failure.failureClass().word(),
            "message", String.valueOf(failure.getMessage())));
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  private synchronized void write(String event, Map<String, ?> keys) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", event);
    line.putAll(keys);
    out.writeBytes(
        (JsonMapper.shared().writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
