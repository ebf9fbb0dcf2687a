package dev.modelflow.worker;

import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.StageKind;
import dev.modelflow.ledger.Evaluation;
import dev.modelflow.ledger.Events;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt gives the executor of its stage: what to do, its inputs as folders, and where to
 * say how it goes. All methods that report may be called from any thread.
 */
public interface StageContext {
  /** The run. */
  String runId();

  /** The stage's name in the recipe. */
  String stage();

  /** What the stage does. */
  StageKind kind();

  /** Number of the attempt, from 1. Must not change what is made. */
  int epoch();

  /** Seed of everything random. */
  long seed();

  /** The recipe's model, as far as the kind depends on it. */
  Map<String, @Nullable Object> model();

  /** The stage's parameters as the recipe resolved them. */
  Map<String, @Nullable Object> parameters();

  /** Role → folder with the files of one artifact. Read-only. */
  Map<String, Path> inputs();

  /** The input of this role; throws {@link StageFailedException} of class recipe without it. */
  Path input(String role);

  /** Role → manifest of the artifact; its {@code id()} goes into outputs that name sources. */
  Map<String, Manifest> inputManifests();

  /** The checkpoint of this stage to continue from; empty to begin at the beginning. */
  Optional<ResumePoint> resume();

  /** An empty folder of this attempt's own; gone when it ends. Outputs may lie in it. */
  Path workFolder();

  /** Says what the work is done on, e.g. {@code cuda:0, 8 threads, bfloat16}. */
  void device(String device);

  /** Says with which environment variables the process was started that does the work. */
  void environment(Map<String, String> variables);

  /**
   * Says how far it is.
   *
   * @param totalSteps null when unknown
   * @param tokensPerSecond null when that means nothing here
   */
  void progress(long step, @Nullable Long totalSteps, @Nullable Double tokensPerSecond);

  /** Numbers about a step, name → finite value. Written in batches. */
  void metrics(long step, Map<String, Double> values);

  /** One result about the input {@code checkpoint}. */
  void evaluation(Evaluation result);

  /**
   * Text for the attempt's log, one line or more. Written in batches; long lines are cut, and of
   * many lines the newest are kept.
   */
  void log(String text);

  /** Something that people should read in the run's list of events; also in the attempt's log. */
  void event(Events.Level level, String message);

  /**
   * Uploads and commits a checkpoint of this stage: from then on a later attempt continues there.
   * Returns when it is committed.
   *
   * @param folder complete; must not change until this returns
   */
  void commitCheckpoint(long step, long tokens, Path folder);

  /** Records that the work truly continues after {@code step}, which {@link #resume()} names. */
  void resumed(long step);

  /**
   * Whether the executor should stop: at the next good moment, with a last checkpoint, by {@link
   * StageStoppedException}.
   */
  boolean stopRequested();

  /** Throws {@link StageStoppedException} when {@link #stopRequested()}. */
  default void throwIfStopped() {
    if (stopRequested()) {
      throw new StageStoppedException("Stage '" + stage() + "' was asked to stop");
    }
  }

  /**
   * Whether what this attempt writes is refused: a newer one began. Work should end at once and
   * write no checkpoint.
   */
  boolean overtaken();

  /** The properties of every checkpoint; part of its identity. */
  static Map<String, String> checkpointProperties(long step, long tokens) {
    return Map.of("step", Long.toString(step), "tokens", Long.toString(tokens));
  }
}
