package dev.modelflow.domain;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a stage's result hangs on. Two stages with the same fingerprint make the same bytes, so one
 * may stand in for the other. Names, pools and resources are not part of it: threads and ranks only
 * change how sums are rounded, and precision is the device's only where the recipe leaves it so.
 *
 * @param kind what the stage does
 * @param parameters as the recipe resolved them
 * @param model the recipe's model as far as the kind depends on it, see {@link #modelOf}
 * @param seed of everything random
 * @param inputs role → artifact
 * @param startCheckpoint the checkpoint that a branched stage continues from
 * @param codeVersion of the code that does the work
 */
public record Fingerprint(
    StageKind kind,
    Map<String, @Nullable Object> parameters,
    Map<String, @Nullable Object> model,
    long seed,
    Map<String, Digest> inputs,
    @Nullable Digest startCheckpoint,
    String codeVersion) {
  /** The parameter that says how many trainer processes share a stage: a resource. */
  public static final String RANKS = "ranks";

  /** The digest over the canonical JSON of all parts. */
  public Digest digest() {
    Map<String, String> digests = new HashMap<>();
    inputs.forEach((role, artifact) -> digests.put(role, artifact.hex()));
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("kind", kind.word());
    tree.put("parameters", withoutResources(parameters));
    tree.put("model", model);
    tree.put("seed", seed);
    tree.put("inputs", digests);
    tree.put("start", startCheckpoint == null ? null : startCheckpoint.hex());
    tree.put("code", codeVersion);
    return Digest.of(CanonicalJson.write(tree));
  }

  /** The parameters that the result hangs on. */
  public static Map<String, @Nullable Object> withoutResources(
      Map<String, @Nullable Object> parameters) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(parameters);
    rest.remove(RANKS);
    return rest;
  }

  /**
   * The part of a recipe's model that a kind of stage is told, so that a wider model does not
   * repeat the curation: nothing for {@code synthesize} and for {@code microanneal}, which ranks
   * what was measured, the vocabulary for {@code curate}, all of it for the others.
   */
  public static Map<String, @Nullable Object> modelOf(
      StageKind kind, Map<String, @Nullable Object> model) {
    return switch (kind) {
      case SYNTHESIZE, MICROANNEAL -> Map.of();
      case CURATE -> {
        Map<String, @Nullable Object> part = new LinkedHashMap<>(model);
        part.keySet().retainAll(Set.of("vocabulary"));
        yield part;
      }
      case IMPORT, PRETRAIN, MIDTRAIN, LONG_CONTEXT, SFT, DPO, RLVR, MERGE, EVALUATE, RELEASE ->
          model;
    };
  }
}
