package dev.modelflow.domain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A validated recipe, ready to become a run.
 *
 * @param name the recipe's name
 * @param source the text that was submitted, without overrides
 * @param canonical the recipe with all defaults and overrides, as a tree that {@link CanonicalJson}
 *     can write; its digest is the recipe's identity
 * @param model the recipe's model, e.g. {@code layers}, {@code width}
 * @param stages in topological order: a stage stands after all that it reads from
 */
public record FlowPlan(
    String name,
    String source,
    Map<String, @Nullable Object> canonical,
    Map<String, @Nullable Object> model,
    List<StagePlan> stages) {
  /** Copies the collections, keeping their order. */
  public FlowPlan {
    canonical = Collections.unmodifiableMap(new LinkedHashMap<>(canonical));
    model = Collections.unmodifiableMap(new LinkedHashMap<>(model));
    stages = List.copyOf(stages);
  }

  /** The same plan, said to come from another text. */
  public FlowPlan withSource(String text) {
    return new FlowPlan(name, text, canonical, model, stages);
  }

  /** The recipe's identity: the digest of its canonical JSON. */
  public Digest recipeDigest() {
    return Digest.of(CanonicalJson.write(canonical));
  }

  /** The stage of this name; throws {@link IllegalArgumentException} naming those that exist. */
  public StagePlan stage(String stageName) {
    return stages.stream()
        .filter(stage -> stage.name().equals(stageName))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No stage '"
                        + stageName
                        + "' in recipe '"
                        + name
                        + "'; it has: "
                        + String.join(", ", stages.stream().map(StagePlan::name).toList())));
  }
}
