package dev.modelflow.cli.client;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run as the API shows it, as far as the commands need it. Lists are empty where the API gave a
 * summary only.
 *
 * @param id its identity
 * @param name what a person called it
 * @param recipe the recipe's name
 * @param status where it stands
 * @param parentRun the run that it branched from or repeats
 * @param branchStage the stage whose checkpoint a branch starts at
 * @param branchStep the step of that checkpoint
 * @param rerunFrom the first stage that a rerun does anew
 * @param createdAt when it was asked for, ISO 8601
 * @param startedAt when it began
 * @param finishedAt when it ended
 * @param stagesTotal number of its stages
 * @param stagesDone number of those that succeeded or were reused
 * @param failureClass who can mend a failure
 * @param failureMessage what went wrong
 * @param stages in topological order
 * @param evaluations numbers about its checkpoints
 * @param outputs artifacts that its stages made
 */
public record Run(
    String id,
    String name,
    String recipe,
    RunStatus status,
    @Nullable String parentRun,
    @Nullable String branchStage,
    @Nullable Long branchStep,
    @Nullable String rerunFrom,
    @Nullable String createdAt,
    @Nullable String startedAt,
    @Nullable String finishedAt,
    int stagesTotal,
    int stagesDone,
    @Nullable String failureClass,
    @Nullable String failureMessage,
    List<Stage> stages,
    List<Evaluation> evaluations,
    List<Output> outputs) {
  /** An absent list is empty. */
  @SuppressWarnings("NullAway") // JSON may lack the lists
  public Run {
    stages = stages == null ? List.of() : List.copyOf(stages);
    evaluations = evaluations == null ? List.of() : List.copyOf(evaluations);
    outputs = outputs == null ? List.of() : List.copyOf(outputs);
  }

  /** Whether nothing more will happen. */
  public boolean isOver() {
    return switch (status) {
      case SUCCEEDED, FAILED, CANCELLED -> true;
      case QUEUED, RUNNING, CANCELLING -> false;
    };
  }

  /** The artifact that a stage of this kind put out under this name, the last such stage's. */
  public Optional<Output> output(String kind, String name) {
    return stages.reversed().stream()
        .filter(stage -> stage.kind().equals(kind))
        .flatMap(stage -> outputs.stream().filter(it -> it.stage().equals(stage.name())))
        .filter(output -> output.name().equals(name))
        .findFirst();
  }

  /**
   * The stage that a number speaks of: a training stage also measures, and then itself. Null where
   * it speaks of a checkpoint of another run.
   */
  public @Nullable String subject(Evaluation evaluation) {
    boolean own =
        stages.stream()
            .anyMatch(it -> it.name().equals(evaluation.stage()) && !it.kind().equals("evaluate"));
    return own ? evaluation.stage() : evaluation.of();
  }

  /**
   * A stage of the run.
   *
   * @param after names of the stages that it reads from
   * @param step the last step that was reported
   * @param totalSteps null for stages without steps
   * @param loss as last reported
   */
  public record Stage(
      String name,
      String kind,
      int position,
      String pool,
      StageStatus status,
      List<String> after,
      @Nullable String startedAt,
      @Nullable String finishedAt,
      @Nullable String failureClass,
      @Nullable String failureMessage,
      @Nullable Long step,
      @Nullable Long totalSteps,
      @Nullable Double tokensPerSecond,
      @Nullable Double loss,
      int epoch) {
    /** Whether its result is there. */
    public boolean isDone() {
      return status == StageStatus.SUCCEEDED || status == StageStatus.REUSED;
    }
  }

  /**
   * One number about one checkpoint.
   *
   * @param of the stage whose checkpoint was measured
   */
  public record Evaluation(
      String stage,
      @Nullable String of,
      String task,
      String metric,
      double value,
      double standardError,
      int samples,
      boolean higherIsBetter) {}

  /** An artifact that a stage made. */
  public record Output(
      String stage, String name, String artifact, String kind, long totalSize, int fileCount) {}
}
