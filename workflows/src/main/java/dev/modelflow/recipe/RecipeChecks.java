package dev.modelflow.recipe;

import dev.modelflow.domain.StageKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold between the keys of a recipe: references, cycles, numbers that fit together. */
final class RecipeChecks {
  private final Problems problems;
  private final ValueReader reader;
  private final @Nullable ModelShape model;
  private final Optional<StageSpec> evaluate;
  private final Map<String, StageSpec> stages = new LinkedHashMap<>();
  private final Map<String, String> paths = new LinkedHashMap<>();

  RecipeChecks(
      Problems problems,
      ValueReader reader,
      @Nullable ModelShape model,
      List<StageSpec> stages,
      Optional<StageSpec> evaluate) {
    this.problems = problems;
    this.reader = reader;
    this.model = model;
    this.evaluate = evaluate;
    stages.forEach(stage -> put(stage, "stages." + stage.name()));
  }

  private void put(StageSpec stage, String path) {
    stages.put(stage.name(), stage);
    paths.put(stage.name(), path);
  }

  void check() {
    if (model != null) {
      model(model);
    }
    names();
    stages.values().forEach(this::references);
    evaluate.ifPresent(this::references);
    Set<String> circular = cycles();
    for (StageSpec stage : stages.values()) {
      if (!circular.contains(stage.name())) {
        new StageChecks(this, stage).check();
        new MergeChecks(this, stage).check();
        new MicroannealChecks(this, stage, evaluate).check();
      }
    }
    new MadeNames(this, evaluate.isPresent()).check(stages.values());
  }

  private void model(ModelShape shape) {
    boolean own = shape.values().containsKey("headSize");
    if (own && shape.headSize() % 2 != 0) {
      at(
          "model.headSize",
          "heads are %d wide: rotary positions need an even width".formatted(shape.headSize()));
    } else if (!own && shape.width() % shape.heads() != 0) {
      at(
          "model.heads",
          "%d heads do not divide the width %d".formatted(shape.heads(), shape.width()));
    } else if (shape.headSize() % 2 != 0) {
      at(
          "model.heads",
          "%d heads of a width of %d are %d wide: rotary positions need an even width"
              .formatted(shape.heads(), shape.width(), shape.headSize()));
    }
    if (shape.heads() % shape.keyValueHeads() != 0) {
      at(
          "model.keyValueHeads",
          "%d heads of keys and values do not divide the %d heads"
              .formatted(shape.keyValueHeads(), shape.heads()));
    }
    if (shape.expertsPerToken() > shape.experts()) {
      at(
          "model.experts.perToken",
          "a token cannot go to %d of %d experts"
              .formatted(shape.expertsPerToken(), shape.experts()));
    }
    if (shape.slidingWindow() > shape.context()) {
      at(
          "model.slidingWindow",
          "a window of %d is wider than the context of %d"
              .formatted(shape.slidingWindow(), shape.context()));
    }
  }

  private void names() {
    if (evaluate.isEmpty()) {
      return;
    }
    for (StageSpec stage : stages.values()) {
      String name = stage.name();
      boolean taken = name.startsWith("evaluate-") && stages.containsKey(name.substring(9));
      if (taken || name.equals("evaluate")) {
        at(
            paths.getOrDefault(name, name),
            "the block 'evaluate' makes the stages evaluate-NAME: call this one something else");
      }
    }
  }

  private void references(StageSpec stage) {
    List<Field> fields =
        stage.equals(evaluate.orElse(null))
            ? RecipeFields.evaluateBlock()
            : RecipeFields.of(stage.kind());
    for (Field field : fields) {
      if (field.type().isReference()) {
        String path = path(stage) + "." + field.name();
        List<StageRef> refs = stage.references(field.name());
        for (int i = 0; i < refs.size(); i++) {
          boolean listed = field.type() instanceof FieldType.Items;
          reference(stage, field, refs.get(i), listed ? path + "." + i : path);
        }
      }
    }
  }

  private void reference(StageSpec stage, Field field, StageRef ref, String path) {
    Set<StageKind> kinds = field.type().targets();
    StageSpec target = stages.get(ref.stage());
    List<String> fitting =
        stages.values().stream()
            .filter(it -> kinds.contains(it.kind()) && !it.name().equals(stage.name()))
            .map(StageSpec::name)
            .toList();
    if (target == null) {
      String message =
          "there is no stage '%s': expected %s%s"
              .formatted(ref.stage(), field.type().describe(), listed(fitting));
      problems.add(reader.place(path), path, message, ref.stage(), fitting);
    } else if (!kinds.contains(target.kind())) {
      at(
          path,
          "stage '%s' is of kind %s: expected %s%s"
              .formatted(ref.stage(), target.kind(), field.type().describe(), listed(fitting)));
    } else {
      step(path, target, ref);
    }
  }

  private static String listed(List<String> fitting) {
    return fitting.isEmpty() ? "; the recipe has none" : ": " + String.join(", ", fitting);
  }

  private void step(String path, StageSpec target, StageRef ref) {
    if (ref.step() == null) {
      return;
    }
    if (target.kind() == StageKind.MERGE) {
      at(path, "a merge makes one checkpoint: write '%s' alone".formatted(target.name()));
    } else if (target.ingredients() > 0) {
      at(
          path,
          "stage '%s' is the mean of its ingredients and has no step %d: write the ingredients as stages of their own to name their steps"
              .formatted(target.name(), ref.step()));
    } else {
      step(path, target, ref.step());
    }
  }

  private void step(String path, StageSpec target, long step) {
    Optional<Number> known = target.number("steps");
    if (known.isEmpty()) {
      return;
    }
    long steps = known.get().longValue();
    long every = target.number("checkpointEvery").map(Number::longValue).orElse(steps);
    if (step < 1 || step > steps || (step % every != 0 && step != steps)) {
      String written = every == steps ? "only the last" : "one every " + every + " steps";
      at(
          path,
          "stage '%s' writes no checkpoint after step %d: it writes %s, up to %d"
              .formatted(target.name(), step, written, steps));
    }
  }

  /** Reports each cycle once, at the first of its stages; returns all stages on cycles. */
  private Set<String> cycles() {
    Set<String> circular = new HashSet<>();
    for (StageSpec stage : stages.values()) {
      List<String> cycle = cycleThrough(stage.name());
      if (!cycle.isEmpty() && !circular.contains(stage.name())) {
        circular.addAll(cycle);
        at(
            paths.getOrDefault(stage.name(), ""),
            "the stages go round in a circle: "
                + String.join(" reads ", cycle)
                + " reads "
                + cycle.getFirst());
      }
    }
    return circular;
  }

  /** The shortest way from the stage back to itself, empty if there is none. */
  private List<String> cycleThrough(String start) {
    List<List<String>> ways = new ArrayList<>(List.of(List.of(start)));
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < ways.size(); i++) {
      for (String next : before(ways.get(i).getLast())) {
        if (next.equals(start)) {
          return ways.get(i);
        }
        if (seen.add(next)) {
          List<String> longer = new ArrayList<>(ways.get(i));
          longer.add(next);
          ways.add(longer);
        }
      }
    }
    return List.of();
  }

  /** The existing stages that a stage reads from. */
  private Set<String> before(String name) {
    Set<String> before = new LinkedHashSet<>();
    StageSpec stage = stages.get(name);
    if (stage != null) {
      for (Field field : RecipeFields.of(stage.kind())) {
        if (field.type().isReference()) {
          stage.references(field.name()).stream()
              .map(StageRef::stage)
              .filter(stages::containsKey)
              .forEach(before::add);
        }
      }
    }
    return before;
  }

  void at(String path, String message) {
    problems.add(reader.place(path), path, message);
  }

  Problems problems() {
    return problems;
  }

  Position place(String path) {
    return reader.place(path);
  }

  String path(StageSpec stage) {
    return stage.equals(evaluate.orElse(null))
        ? "evaluate"
        : paths.getOrDefault(stage.name(), stage.name());
  }

  Optional<StageSpec> stage(String name) {
    return Optional.ofNullable(stages.get(name));
  }

  Optional<ModelShape> model() {
    return Optional.ofNullable(model);
  }
}
