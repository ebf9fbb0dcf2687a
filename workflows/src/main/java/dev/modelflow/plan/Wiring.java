package dev.modelflow.plan;

import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.recipe.Sources;
import dev.modelflow.recipe.StageRef;
import dev.modelflow.recipe.StageSpec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Which outputs of other stages reach a stage, and in which roles. */
final class Wiring {
  private final Map<String, StageSpec> stages = new LinkedHashMap<>();

  Wiring(List<StageSpec> stages) {
    stages.forEach(stage -> this.stages.put(stage.name(), stage));
  }

  Map<String, StageInput> inputs(StageSpec stage) {
    Map<String, StageInput> inputs = new TreeMap<>();
    if (stage.kind() == StageKind.MICROANNEAL) {
      return Anneals.measured(stage);
    }
    if (stage.kind() == StageKind.MERGE) {
      return Ingredients.of(stage).inputs();
    }
    stage.reference("from").ifPresent(ref -> inputs.put("checkpoint", checkpoint(ref)));
    stage.reference("weak").ifPresent(ref -> inputs.put("weak", checkpoint(ref)));
    stage.reference("data").ifPresent(ref -> data(stage, ref.stage(), inputs));
    stage
        .reference("tokenizerOf")
        .ifPresent(ref -> inputs.put("tokenizer", new StageInput(ref.stage(), "tokenizer", null)));
    stage.reference("synthetic").ifPresent(ref -> put(inputs, ref, "documents", "questions"));
    for (String role : List.of("conversations", "prompts", "questions")) {
      stage.reference(role).ifPresent(ref -> put(inputs, ref, role));
    }
    if (stage.kind() == StageKind.EVALUATE) {
      stage.reference("from").ifPresent(ref -> preferences(ref.stage(), inputs));
    }
    if (stage.kind() == StageKind.RELEASE) {
      stage.reference("from").ifPresent(ref -> evaluations(ref.stage(), inputs));
    }
    return inputs;
  }

  private static StageInput checkpoint(StageRef ref) {
    return new StageInput(ref.stage(), "checkpoint", ref.step());
  }

  private static void put(Map<String, StageInput> inputs, StageRef ref, String... outputs) {
    for (String output : outputs) {
      inputs.put(output, new StageInput(ref.stage(), output, null));
    }
  }

  private void data(StageSpec stage, String curate, Map<String, StageInput> inputs) {
    inputs.put("tokenizer", new StageInput(curate, "tokenizer", null));
    if (stage.kind() == StageKind.EVALUATE) {
      Optional.ofNullable(stages.get(curate)).map(Sources::heldOut).orElse(List.of()).stream()
          .map(source -> "held-out." + source)
          .forEach(output -> inputs.put(output, new StageInput(curate, output, null)));
    }
    for (String mix : List.of("mix", "firstMix")) {
      for (String source : stage.block(mix).keySet()) {
        String output = "tokens." + source;
        inputs.put(output, new StageInput(curate, output, null));
      }
    }
  }

  /** What dpo preferred is measured from then on. */
  private void preferences(String trained, Map<String, StageInput> inputs) {
    StageSpec stage = stages.get(trained);
    if (stage != null && stage.kind() == StageKind.DPO) {
      inputs.put("preferences", new StageInput(trained, "preferences", null));
    } else if (stage != null) {
      stage.references("from").forEach(before -> preferences(before.stage(), inputs));
    }
  }

  /** A release tells how every checkpoint on the way to it did. */
  private void evaluations(String trained, Map<String, StageInput> inputs) {
    Set<String> measured = trainedUpTo(trained);
    for (StageSpec stage : stages.values()) {
      boolean measures =
          stage.kind() == StageKind.EVALUATE
              && stage.reference("from").filter(ref -> measured.contains(ref.stage())).isPresent();
      if (measures) {
        inputs.put("evaluation." + stage.name(), new StageInput(stage.name(), "evaluation", null));
      }
    }
  }

  /** A stage and those that made the checkpoints on all ways to it. */
  private Set<String> trainedUpTo(String last) {
    Set<String> trained = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(last));
    while (!open.isEmpty()) {
      String name = open.removeFirst();
      StageSpec stage = stages.get(name);
      if (stage != null && trained.add(name)) {
        stage.references("from").forEach(before -> open.addLast(before.stage()));
      }
    }
    return trained;
  }
}
