package dev.modelflow.read;

import dev.modelflow.domain.AttemptStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try at a stage.
 *
 * @param epoch fences late writers; grows by one with each attempt
 * @param resumedFrom the step that it continued from; null when it began at the beginning
 */
public record AttemptView(
    String stage,
    int epoch,
    AttemptStatus status,
    String worker,
    @Nullable String device,
    Instant startedAt,
    Instant lastHeardAt,
    @Nullable Instant endedAt,
    @Nullable Long resumedFrom,
    @Nullable String failureClass,
    @Nullable String failureMessage) {}
