package dev.modelflow.web.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.modelflow.read.AttemptView;
import dev.modelflow.read.EvaluationView;
import dev.modelflow.read.OutputView;
import dev.modelflow.read.RunSummary;
import dev.modelflow.read.StageView;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A run as the API shows it: the summary's fields stand beside the others. */
record RunResource(
    @JsonUnwrapped RunSummary summary,
    @Nullable String branchCheckpoint,
    JsonNode overrides,
    String recipeDigest,
    String recipeSource,
    @Nullable String failureClass,
    @Nullable String failureMessage,
    List<StageView> stages,
    List<AttemptView> attempts,
    List<EvaluationView> evaluations,
    List<OutputView> outputs) {}
