package dev.modelflow.read;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A run and what was asked for.
 *
 * @param summary what lists show
 * @param branchCheckpoint the artifact that a branch starts at
 * @param overrides all that differs from {@code recipeSource}, those of the parent run included
 * @param recipeDigest identity of the recipe's canonical form
 * @param recipeSource the YAML as it was submitted; for a branch or rerun, as its first ancestor's
 *     was
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
