package dev.modelflow.recipe;

import dev.modelflow.domain.StageKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns a recipe's tree into a checked {@link Recipe}, or into all of its problems. */
final class RecipeReader {
  private static final List<String> KINDS =
      Arrays.stream(StageKind.values()).map(StageKind::word).toList();

  private final Problems problems;
  private final ValueReader reader;

  private RecipeReader(Problems problems) {
    this.problems = problems;
    this.reader = new ValueReader(problems);
  }

  static Recipe parse(String yaml, String file, Map<String, ? extends @Nullable Object> overrides) {
    Problems problems = new Problems(file);
    Optional<Tree> tree = new TreeReader(problems).read(yaml);
    if (tree.isEmpty()) {
      problems.throwIfAny();
    }
    Tree changed = Overrides.apply(tree.orElseThrow(), overrides);
    return new RecipeReader(problems).recipe(changed, yaml, file, overrides);
  }

  private Recipe recipe(
      Tree tree, String source, String file, Map<String, ? extends @Nullable Object> overrides) {
    reader.remember("", tree.at());
    Map<String, Tree.Entry> top = reader.entries(tree, "", "the keys of a recipe");
    Map<String, Object> head = reader.block(top, "", RecipeFields.TOP, null);
    ModelShape model = model(top);
    List<StageSpec> stages = stages(top, model);
    Optional<StageSpec> evaluate = evaluate(top, model);
    new RecipeChecks(problems, reader, model, stages, evaluate).check();
    problems.throwIfAny();
    if (model == null) {
      throw new IllegalStateException("A recipe without a model has a problem");
    }
    return new Recipe(
        (String) head.getOrDefault("name", ""),
        (String) head.getOrDefault("description", ""),
        head.get("seed") instanceof Long seed ? seed : 0,
        model,
        stages,
        evaluate,
        source,
        file,
        new LinkedHashMap<>(overrides));
  }

  private @Nullable ModelShape model(Map<String, Tree.Entry> top) {
    Tree.Entry entry = top.get("model");
    if (entry == null) {
      return null;
    }
    reader.remember("model", entry.keyAt());
    Map<String, Tree.Entry> entries = reader.entries(entry.value(), "model", "the model's keys");
    Map<String, Object> values = reader.block(entries, "model", RecipeFields.MODEL, null);
    return isWhole(values) ? new ModelShape(values) : null;
  }

  private static boolean isWhole(Map<String, Object> model) {
    return RecipeFields.MODEL.stream()
        .filter(field -> !(field.absence() instanceof Field.Optional))
        .allMatch(field -> model.containsKey(field.name()));
  }

  private List<StageSpec> stages(Map<String, Tree.Entry> top, @Nullable ModelShape model) {
    List<StageSpec> stages = new ArrayList<>();
    Tree.Entry block = top.get("stages");
    if (block == null) {
      return stages;
    }
    reader.remember("stages", block.keyAt());
    reader
        .entries(block.value(), "stages", "the stages by their names")
        .forEach((name, entry) -> stage(name, entry, model).ifPresent(stages::add));
    if (block.value() instanceof Tree.Mapping mapping && mapping.entries().isEmpty()) {
      problems.add(block.keyAt(), "stages", "expected at least one stage");
    }
    return stages;
  }

  private Optional<StageSpec> stage(String name, Tree.Entry entry, @Nullable ModelShape model) {
    String path = "stages." + name;
    reader.remember(path, entry.keyAt());
    if (!name.matches(RecipeFields.NAME)) {
      problems.add(
          entry.keyAt(),
          path,
          "'%s' is not a stage's name: %s".formatted(name, RecipeFields.NAMES));
    }
    Map<String, Tree.Entry> entries = reader.entries(entry.value(), path, "the stage's keys");
    Optional<String> word = kind(name, entries, path, entry.keyAt());
    return word.map(it -> spec(name, StageKind.of(it), entries, path, model));
  }

  private Optional<String> kind(
      String name, Map<String, Tree.Entry> entries, String path, Position at) {
    Tree.Entry kind = entries.get("kind");
    if (kind != null) {
      return reader
          .value(kind.value(), new FieldType.Choice(KINDS), path + ".kind")
          .map(Object::toString);
    }
    if (KINDS.contains(name)) {
      return Optional.of(name);
    }
    problems.add(
        at,
        path,
        "'%s' is no kind of stage, so it needs the key 'kind' with one of: %s"
            .formatted(name, String.join(", ", KINDS)),
        name,
        KINDS);
    return Optional.empty();
  }

  private Optional<StageSpec> evaluate(Map<String, Tree.Entry> top, @Nullable ModelShape model) {
    Tree.Entry entry = top.get("evaluate");
    if (entry == null) {
      return Optional.empty();
    }
    reader.remember("evaluate", entry.keyAt());
    Map<String, Tree.Entry> entries =
        reader.entries(entry.value(), "evaluate", "the keys of an evaluation");
    List<Field> fields =
        RecipeFields.evaluateBlock().stream().filter(it -> !it.name().equals("kind")).toList();
    return Optional.of(
        spec("evaluate", StageKind.EVALUATE, reader.block(entries, "evaluate", fields, model)));
  }

  private StageSpec spec(
      String name,
      StageKind kind,
      Map<String, Tree.Entry> entries,
      String path,
      @Nullable ModelShape model) {
    Map<String, Tree.Entry> filled = Presets.fill(kind, entries);
    return spec(name, kind, reader.block(filled, path, RecipeFields.of(kind), model));
  }

  private static StageSpec spec(String name, StageKind kind, Map<String, Object> values) {
    String pool = String.valueOf(values.remove("pool"));
    Long seed = values.remove("seed") instanceof Long own ? own : null;
    values.remove("kind");
    return new StageSpec(name, kind, pool, seed, values);
  }
}
