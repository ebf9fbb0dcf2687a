package dev.modelflow.recipe;

import dev.modelflow.domain.StageKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** Draws valid recipes: any graph of stages, under any names, in any order. */
public final class RandomRecipe {
  private static final Set<StageKind> LATER =
      EnumSet.complementOf(EnumSet.of(StageKind.SYNTHESIZE, StageKind.CURATE, StageKind.PRETRAIN));
  private static final List<String> SOURCES = List.of("glosses", "code", "7", "null");

  private final Random random;
  private final Draws draws;
  private final Map<String, Object> stages = new LinkedHashMap<>();
  private final Map<StageKind, List<String>> byKind = new LinkedHashMap<>();
  private final List<String> trained = new ArrayList<>();
  private final Map<String, Long> contexts = new LinkedHashMap<>();
  private long context;

  private RandomRecipe(Random random) {
    this.random = random;
    draws = new Draws(random);
  }

  /** A recipe as plain maps, in the shape of its YAML; it may be changed. */
  public static Map<String, Object> draw(Random random) {
    return new RandomRecipe(random).recipe();
  }

  /** The names of stages whose result is a checkpoint. */
  public static List<String> training(Recipe recipe) {
    return recipe.stages().stream()
        .filter(stage -> DataFields.MODELS.contains(stage.kind()))
        .map(StageSpec::name)
        .toList();
  }

  /** The same recipe with every block's keys in another order. */
  public static Map<String, Object> shuffled(Map<?, ?> map, Random random) {
    return new Draws(random).shuffled(map);
  }

  private Map<String, Object> recipe() {
    Map<String, Object> recipe = new LinkedHashMap<>();
    recipe.put("recipe", 1L);
    recipe.put("name", word());
    if (random.nextBoolean()) {
      recipe.put("description", "It says \"%s\": 5 # not a comment".formatted(word()));
    }
    if (random.nextBoolean()) {
      recipe.put("seed", random.nextLong(1_000_000_000_000L));
    }
    recipe.put("model", model());
    Draws.times(1 + random.nextInt(2), () -> stage(StageKind.SYNTHESIZE));
    Draws.times(1 + random.nextInt(2), () -> stage(StageKind.CURATE));
    Draws.times(1 + random.nextInt(2), () -> stage(StageKind.PRETRAIN));
    Draws.times(random.nextInt(2), () -> stage(StageKind.IMPORT));
    stage(StageKind.MIDTRAIN);
    Draws.times(random.nextInt(7), () -> stage(draws.pick(List.copyOf(LATER))));
    recipe.put("stages", draws.shuffled(stages));
    if (byKind.containsKey(StageKind.MICROANNEAL) || random.nextBoolean()) {
      recipe.put("evaluate", evaluation());
    }
    return draws.shuffled(recipe);
  }

  private Map<String, Object> model() {
    long heads = 1L << random.nextInt(3);
    context = draws.between(8, 256);
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("layers", draws.between(1, 8));
    model.put("width", heads * 2 * draws.between(4, 16));
    model.put("heads", heads);
    model.put("feedForward", draws.between(8, 200));
    model.put("vocabulary", draws.between(280, 2000));
    model.put("context", context);
    if (random.nextBoolean()) {
      model.put("slidingWindow", draws.between(0, context));
    }
    if (draws.onceIn(4)) {
      long experts = draws.between(2, 16);
      model.put(
          "experts",
          Draws.with(
              new LinkedHashMap<>(), "count", experts, "perToken", draws.between(1, experts)));
    }
    return draws.shuffled(model);
  }

  private void stage(StageKind kind) {
    boolean byKindsName =
        kind != StageKind.EVALUATE && !stages.containsKey(kind.word()) && random.nextBoolean();
    String name = byKindsName ? kind.word() : word();
    Map<String, Object> block = block(kind, name);
    if (!byKindsName) {
      block.put("kind", kind.word());
    }
    if (draws.onceIn(4)) {
      block.put("seed", draws.between(0, 99));
    }
    if (draws.onceIn(4)) {
      block.put("pool", "gpu.h100." + draws.between(1, 8));
    }
    stages.put(name, draws.shuffled(block));
    byKind.computeIfAbsent(kind, it -> new ArrayList<>()).add(name);
    if (DataFields.MODELS.contains(kind)) {
      trained.add(name);
    }
  }

  private Map<String, Object> block(StageKind kind, String name) {
    return switch (kind) {
      case SYNTHESIZE -> synthesis();
      case CURATE -> curation();
      case IMPORT -> imported(name);
      case PRETRAIN, MIDTRAIN, LONG_CONTEXT -> training(kind, name);
      case SFT -> Draws.with(tuning(name), "conversations", one(StageKind.SYNTHESIZE), "rows", 2L);
      case DPO ->
          Draws.with(
              Draws.with(tuning(name), "prompts", one(StageKind.SYNTHESIZE), "weak", checkpoint()),
              "pairs",
              draws.between(1, 900));
      case RLVR -> Draws.with(tuning(name), "prompts", one(StageKind.SYNTHESIZE));
      case MERGE -> merge(name);
      case MICROANNEAL -> microanneal(name);
      case EVALUATE -> Draws.with(evaluation(), "from", checkpoint());
      case RELEASE -> Draws.with(new LinkedHashMap<>(), "from", checkpoint());
    };
  }

  private Map<String, Object> synthesis() {
    Map<String, Object> block = new LinkedHashMap<>();
    if (random.nextBoolean()) {
      block.put("sums", new LinkedHashMap<>(Map.of("documents", draws.between(1, 50))));
    }
    if (random.nextBoolean()) {
      block.put("heldOut", draws.share());
    }
    return block;
  }

  private Map<String, Object> curation() {
    Map<String, Object> block = new LinkedHashMap<>();
    List<Object> sources = new ArrayList<>();
    for (String name : SOURCES) {
      Map<String, Object> source = new LinkedHashMap<>();
      source.put("name", name);
      source.put("artifact", "org.example:texts:1." + random.nextInt(9));
      source.put("sha256", "%064d".formatted(random.nextInt(1_000_000)));
      source.put("licence", "2." + random.nextInt(9) + "0");
      source.put("published", "2024-08-29");
      source.put("format", draws.pick(List.of("wordnet", "javadoc", "java")));
      sources.add(source);
    }
    block.put("sources", sources);
    if (random.nextBoolean()) {
      block.put("synthetic", one(StageKind.SYNTHESIZE));
    }
    if (random.nextBoolean()) {
      block.put("quality", random.nextBoolean());
    }
    return block;
  }

  private Map<String, Object> imported(String name) {
    contexts.put(name, context);
    List<Object> files = new ArrayList<>();
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      String digest = "%064d".formatted(random.nextInt(1_000_000));
      files.add(new LinkedHashMap<>(Map.of("name", file, "sha256", digest)));
    }
    return Draws.with(new LinkedHashMap<>(), "folder", "/models/" + word(), "files", files);
  }

  private Map<String, Object> training(StageKind kind, String name) {
    Map<String, Object> block =
        kind == StageKind.PRETRAIN ? optimiser(name, context) : tuning(name);
    block.put("data", one(StageKind.CURATE));
    long rows = draws.between(1, 9);
    block.put("rows", rows);
    if (draws.onceIn(4)) {
      block.put("ranks", draws.between(1, rows));
    }
    Map<String, Object> mix = new LinkedHashMap<>();
    SOURCES.forEach(source -> mix.put(source, 0.01 + draws.share()));
    mix.keySet().retainAll(List.of(draws.pick(SOURCES), draws.pick(SOURCES)));
    block.put("mix", mix);
    if (kind == StageKind.MIDTRAIN && draws.onceIn(4)) {
      block.put(MergeFields.INGREDIENTS, draws.between(2, 3));
    }
    if (kind == StageKind.LONG_CONTEXT) {
      long factor = draws.between(2, 4);
      block.put("contextFactor", factor);
      contexts.computeIfPresent(name, (stage, before) -> Math.max(context, before) * factor);
    } else if (random.nextBoolean()) {
      block.put("rowLength", draws.between(1, contexts.getOrDefault(name, context)));
    }
    return block;
  }

  /** Two or more checkpoints of one context, of which there always are some. */
  private Map<String, Object> merge(String name) {
    contexts.put(name, context);
    List<String> fitting =
        new ArrayList<>(
            trained.stream().filter(it -> contexts.getOrDefault(it, 0L) == context).toList());
    Collections.shuffle(fitting, random);
    List<Object> from = new ArrayList<>();
    Map<String, Object> weights = new LinkedHashMap<>();
    for (String stage : fitting.subList(0, 2 + random.nextInt(fitting.size() - 1))) {
      String checkpoint = checkpointOf(stage);
      from.add(checkpoint);
      weights.put(checkpoint, 0.01 + draws.share());
    }
    Map<String, Object> block = Draws.with(new LinkedHashMap<>(), "from", from);
    return random.nextBoolean() ? Draws.with(block, "weights", weights) : block;
  }

  private Map<String, Object> microanneal(String name) {
    Map<String, Object> block = training(StageKind.MIDTRAIN, name);
    contexts.remove(name);
    Object mix = Objects.requireNonNull(block.remove("mix"));
    // What an anneal decides by itself is no key of it.
    block.keySet().retainAll(MicroannealFields.MICROANNEAL.stream().map(Field::name).toList());
    Map<String, Object> candidates = new LinkedHashMap<>();
    Draws.times(
        1 + random.nextInt(3),
        () ->
            candidates.put(
                "c" + candidates.size(), Map.of(draws.pick(SOURCES), 0.01 + draws.share())));
    List<Object> rankBy = new ArrayList<>(List.of("text", "text-" + draws.pick(SOURCES)));
    rankBy.remove(random.nextInt(2));
    return Draws.with(
        block,
        "web",
        mix,
        "candidates",
        candidates,
        "rankBy",
        rankBy,
        "seeds",
        draws.between(1, 3));
  }

  private Map<String, Object> tuning(String name) {
    String from = checkpoint();
    long reach = contexts.getOrDefault(StageRef.parse(from).stage(), context);
    return Draws.with(optimiser(name, reach), "from", from);
  }

  private Map<String, Object> optimiser(String name, long reach) {
    contexts.put(name, reach);
    Map<String, Object> block = new LinkedHashMap<>();
    long steps = draws.between(1, 60);
    block.put("steps", steps);
    block.put("learningRate", 1e-6 + draws.share());
    if (random.nextBoolean()) {
      block.put("checkpointEvery", draws.between(1, steps));
    }
    schedule(block, steps);
    if (draws.onceIn(4)) {
      block.put("skipStep", Draws.with(new LinkedHashMap<>(), "window", draws.between(8, 300)));
    }
    if (draws.onceIn(4)) {
      block.put("precision", draws.pick(List.of("auto", "bf16", "float32")));
    }
    return block;
  }

  /** A schedule that fits whatever its numbers are said in. */
  private void schedule(Map<String, Object> block, long steps) {
    long end = steps + draws.between(0, 40);
    boolean longer = random.nextBoolean();
    if (longer) {
      block.put("scheduleSteps", end);
    }
    switch (random.nextInt(3)) {
      case 0 -> block.put("warmupSteps", draws.between(0, (longer ? end : steps) / 2));
      case 1 -> block.put("warmupFraction", draws.share() / 2);
      default -> {}
    }
    if (draws.onceIn(3)) {
      block.put("finalFraction", draws.share());
    }
    if (draws.onceIn(3)) {
      block.put("schedule", "wsd");
      block.put("decayFraction", draws.share() / 2);
    }
  }

  private Map<String, Object> evaluation() {
    return Draws.with(
        new LinkedHashMap<>(),
        "questions",
        one(StageKind.SYNTHESIZE),
        "data",
        one(StageKind.CURATE),
        "mathsQuestions",
        draws.between(0, 500));
  }

  /** A stage that writes checkpoints, or one of its checkpoints. */
  private String checkpoint() {
    return checkpointOf(draws.pick(trained));
  }

  private String checkpointOf(String stage) {
    if (stages.get(stage) instanceof Map<?, ?> block
        && block.get("checkpointEvery") instanceof Long every
        && !block.containsKey(MergeFields.INGREDIENTS)
        && random.nextBoolean()) {
      return stage + "@" + every;
    }
    return stage;
  }

  private String one(StageKind kind) {
    return draws.pick(byKind.getOrDefault(kind, List.of()));
  }

  private String word() {
    String word = draws.word();
    return stages.containsKey(word) ? word + "-" + stages.size() : word;
  }
}
