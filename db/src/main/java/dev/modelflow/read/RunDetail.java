package dev.modelflow.read;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A run and what was asked for.
 *
 * @param summary what lists show
 * @param branchCheckpoint the artifact that a branch starts at
 * @param overrides what differs from the parent's recipe
 * @param recipeDigest identity of the recipe's canonical form
 * @param recipeSource the YAML as it was submitted
 * @param failureClass who can mend the failure
 * @param failureMessage what went wrong
 */
public record RunDetail(
    RunSummary summary,
    @Nullable String branchCheckpoint,
    JsonNode overrides,
    String recipeDigest,
    String recipeSource,
    @Nullable String failureClass,
    @Nullable String failureMessage) {}
