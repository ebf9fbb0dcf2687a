package dev.modelflow.read;

import dev.modelflow.domain.AttemptStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One try at a stage.
 *
 * @param epoch fences late writers; grows by one with each attempt
 * @param environment what it runs on; under {@code trainer}, the environment variables with which
 *     its trainer was started
 * @param resumedFrom the step that it continued from; null when it began at the beginning
 */
public record AttemptView(
    String stage,
    int epoch,
    AttemptStatus status,
    String worker,
    @Nullable String device,
    JsonNode environment,
    Instant startedAt,
    Instant lastHeardAt,
    @Nullable Instant endedAt,
    @Nullable Long resumedFrom,
    @Nullable String failureClass,
    @Nullable String failureMessage) {}
