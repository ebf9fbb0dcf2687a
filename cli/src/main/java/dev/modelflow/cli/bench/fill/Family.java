package dev.modelflow.cli.bench.fill;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.ledger.Json;
import dev.modelflow.plan.RecipeCompiler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The recipe that some runs share, compiled as the platform would, with its JSON as the ledger
 * keeps it.
 *
 * @param flow what the recipe means
 * @param overrides what differs from its text
 * @param digest of the recipe
 * @param canonical JSON of the recipe
 * @param model JSON of its model
 * @param parameters JSON of each stage's parameters
 * @param inputs JSON of each stage's inputs
 */
record Family(
    FlowPlan flow,
    String overrides,
    String digest,
    String canonical,
    String model,
    Map<String, String> parameters,
    Map<String, String> inputs) {
  private static final String RECIPE = "flow.yaml";

  /** The number-th family; families differ in their seed. */
  static Family of(int number) {
    Map<String, Object> overrides = Map.of("seed", 100 + number);
    FlowPlan flow = new RecipeCompiler().compile(text(), new LinkedHashMap<>(overrides));
    Map<String, String> parameters = new LinkedHashMap<>();
    Map<String, String> inputs = new LinkedHashMap<>();
    for (StagePlan stage : flow.stages()) {
      parameters.put(stage.name(), Json.write(stage.parameters()));
      inputs.put(stage.name(), Json.write(stage.inputs()));
    }
    return new Family(
        flow,
        Json.write(overrides),
        flow.recipeDigest().hex(),
        CanonicalJson.write(flow.canonical()),
        Json.write(flow.model()),
        parameters,
        inputs);
  }

  private static String text() {
    try (InputStream in = Family.class.getResourceAsStream(RECIPE)) {
      return new String(Objects.requireNonNull(in, RECIPE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot read " + RECIPE, failure);
    }
  }

  List<StagePlan> stages() {
    return flow.stages();
  }

  /**
   * Names of what a stage puts out besides checkpoints: all that others read, or its one result.
   */
  Set<String> outputs(StagePlan stage) {
    Set<String> names = new TreeSet<>();
    for (StagePlan reader : flow.stages()) {
      for (StageInput input : reader.inputs().values()) {
        if (input.stage().equals(stage.name()) && input.step() == null) {
          names.add(input.output());
        }
      }
    }
    if (stage.kind() == StageKind.EVALUATE || stage.kind() == StageKind.RELEASE) {
      names.add(stage.kind() == StageKind.EVALUATE ? "evaluation" : "release");
    }
    names.remove("checkpoint");
    return names;
  }

  /** Steps of a training stage; 0 for other stages. */
  static long steps(StagePlan stage) {
    return stage.parameters().get("steps") instanceof Number steps ? steps.longValue() : 0;
  }
}
