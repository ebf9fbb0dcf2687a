package dev.modelflow.recipe;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.Digest;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A flow as a person described it, checked and with every default filled in. Immutable.
 *
 * @param name of the flow
 * @param description for people; may be empty
 * @param seed of the whole flow
 * @param model what is trained
 * @param stages sorted by name; the plan knows in which order they run
 * @param evaluate the block that stands for one evaluation after each training stage, if present
 * @param source the text as it was written, without overrides
 * @param file what messages call the text
 * @param overrides what differs from the text: dotted key → value
 */
public record Recipe(
    String name,
    String description,
    long seed,
    ModelShape model,
    List<StageSpec> stages,
    Optional<StageSpec> evaluate,
    String source,
    String file,
    Map<String, @Nullable Object> overrides) {
  /** The version of the recipe's format. */
  public static final int VERSION = 1;

  /** What a microanneal calls the web alone, which its candidates are compared with. */
  public static final String WEB = "web";

  /** Sorts the stages by name: their order in the text has no meaning. Copies the overrides. */
  public Recipe {
    overrides = Collections.unmodifiableMap(new LinkedHashMap<>(overrides));
    stages = stages.stream().sorted(Comparator.comparing(StageSpec::name)).toList();
  }

  /**
   * Reads a recipe in YAML (JSON is YAML too).
   *
   * @param file what messages call the text, usually its file name
   * @throws RecipeException with every problem at once
   */
  public static Recipe parse(String yaml, String file) {
    return RecipeReader.parse(yaml, file, Map.of());
  }

  /**
   * The recipe as it would be if its text had other values, on top of the overrides that it has:
   * what follows from a changed key follows anew.
   *
   * @param changes from {@code stage.key} (also written {@code stages.stage.key}), {@code
   *     stage.block.key}, {@code model.key}, {@code evaluate.key} or {@code seed} to the new value;
   *     a text is read as YAML would read it, null takes the key away
   * @throws RecipeException with every problem at once
   */
  public Recipe withOverrides(Map<String, ? extends @Nullable Object> changes) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(overrides);
    changes.keySet().forEach(all::remove);
    all.putAll(changes);
    return RecipeReader.parse(source, file, all);
  }

  /** The name of the stage that measures the result of {@code stage}, where the block made it. */
  public static String evaluationOf(String stage) {
    return "evaluate-" + stage;
  }

  /** The name of the {@code number}-th ingredient, from 1, of a stage that is their mean. */
  public static String ingredientOf(String stage, int number) {
    return stage + "-" + number;
  }

  /** The name of the {@code number}-th anneal, from 1, of a candidate or of the web alone. */
  public static String annealOf(String stage, String candidate, int number) {
    return stage + "-" + candidate + "-" + number;
  }

  /** The stage called {@code name}, if there is one. */
  public Optional<StageSpec> stage(String name) {
    return stages.stream().filter(stage -> stage.name().equals(name)).findFirst();
  }

  /** The recipe in one way only: two texts that mean the same have equal canonical forms. */
  public String canonicalJson() {
    return CanonicalJson.write(tree());
  }

  /** The recipe's identity: the digest of {@link #canonicalJson}. */
  public Digest digest() {
    return Digest.of(canonicalJson());
  }

  /** The recipe as plain maps, in the shape of its YAML. */
  public Map<String, @Nullable Object> tree() {
    Map<String, Object> blocks = new LinkedHashMap<>();
    stages.forEach(stage -> blocks.put(stage.name(), block(stage)));
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("recipe", (long) VERSION);
    tree.put("name", name);
    tree.put("description", description);
    tree.put("seed", seed);
    tree.put("model", model.values());
    tree.put("stages", blocks);
    evaluate.ifPresent(template -> tree.put("evaluate", block(template)));
    return tree;
  }

  private static Map<String, Object> block(StageSpec stage) {
    Map<String, Object> block = new LinkedHashMap<>();
    if (!stage.name().equals("evaluate")) {
      block.put("kind", stage.kind().word());
    }
    block.put("pool", stage.pool());
    if (stage.seed() != null) {
      block.put("seed", stage.seed());
    }
    block.putAll(stage.values());
    return block;
  }
}
