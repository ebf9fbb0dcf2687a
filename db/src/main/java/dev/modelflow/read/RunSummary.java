package dev.modelflow.read;

import dev.modelflow.domain.RunStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run as lists show it.
 *
 * @param id its identity, also of its workflow
 * @param name what a person called it
 * @param recipe the recipe's name
 * @param status where it stands
 * @param parentRun the run that this one branched from or repeats
 * @param branchStage the stage whose checkpoint a branch starts at
 * @param branchStep the step of that checkpoint
 * @param rerunFrom the first stage that a rerun does anew
 * @param createdBy who asked for it
 * @param stagesTotal number of its stages
 * @param stagesDone number of those that succeeded or were reused
 */
public record RunSummary(
    String id,
    String name,
    String recipe,
    RunStatus status,
    @Nullable String parentRun,
    @Nullable String branchStage,
    @Nullable Long branchStep,
    @Nullable String rerunFrom,
    String createdBy,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    int stagesTotal,
    int stagesDone) {}
