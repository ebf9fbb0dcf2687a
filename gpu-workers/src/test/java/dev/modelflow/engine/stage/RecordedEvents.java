package dev.modelflow.engine.stage;

import dev.modelflow.engine.evaluate.Score;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Keeps what a stage says, and asks it to stop after a given step. */
public class RecordedEvents implements StageEvents {
  final List<String> lines = new ArrayList<>();
  final Map<Integer, Map<String, Double>> metrics = new TreeMap<>();

  /** Folder of the checkpoint after each step. */
  public final Map<Integer, Path> checkpoints = new TreeMap<>();

  final Map<String, Score> scores = new LinkedHashMap<>();
  private int stopAfter = Integer.MAX_VALUE;
  private int stopWhenAsked = Integer.MAX_VALUE;
  private int step;
  private int asked;

  /** Asks to stop after a step. */
  public RecordedEvents stoppingAfter(int steps) {
    stopAfter = steps;
    return this;
  }

  /** A stop that shows when it is asked for as often; other ranks see no steps. */
  public RecordedEvents stoppingWhenAsked(int times) {
    stopWhenAsked = times;
    return this;
  }

  /** Whether this step was made. */
  boolean reached(int wanted) {
    return step >= wanted;
  }

  /** The checkpoint after a step. */
  public Path checkpointAt(int step) {
    return Objects.requireNonNull(checkpoints.get(step), "no checkpoint at this step");
  }

  /** A number of a step. */
  public double metric(int step, String name) {
    Map<String, Double> values = Objects.requireNonNull(metrics.get(step), "no metrics here");
    return Objects.requireNonNull(values.get(name), name);
  }

  double score(String taskAndMetric) {
    return Objects.requireNonNull(scores.get(taskAndMetric), taskAndMetric).value();
  }

  @Override
  public void prepares(int step, int totalSteps, long tokens) {}

  @Override
  public void goesOn() {}

  @Override
  public void started(int step, int totalSteps) {
    lines.add("started " + step + " of " + totalSteps);
  }

  @Override
  public void progress(int step, int totalSteps, long tokens, double tokensPerSecond) {
    this.step = step;
  }

  @Override
  public void metrics(int step, Map<String, Double> values) {
    metrics.put(step, values);
  }

  @Override
  public void checkpoint(int step, long tokens, Path folder) {
    checkpoints.put(step, folder);
  }

  @Override
  public void evaluation(Score score) {
    scores.put(score.task() + " " + score.metric(), score);
  }

  @Override
  public void log(String level, String message) {
    lines.add(level + ": " + message);
  }

  @Override
  public boolean stopRequested() {
    return step >= stopAfter || ++asked >= stopWhenAsked;
  }
}
