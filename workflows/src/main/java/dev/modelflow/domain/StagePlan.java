package dev.modelflow.domain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stage of a recipe with every parameter resolved: what the ledger keeps and workers carry out.
 *
 * @param name in the recipe
 * @param kind what it does
 * @param pool whose workers run it; also the name of their task queue
 * @param seed of everything random in it
 * @param parameters a tree that {@link CanonicalJson} can write, all defaults filled in, without
 *     pool and seed
 * @param inputs role → where it comes from, e.g. {@code tokens.glosses}
 */
public record StagePlan(
    String name,
    StageKind kind,
    String pool,
    long seed,
    Map<String, @Nullable Object> parameters,
    Map<String, StageInput> inputs) {
  /** Copies the maps, keeping their order. */
  public StagePlan {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
  }

  /** Names of the stages that must be done before this one, each once. */
  public List<String> after() {
    return inputs.values().stream().map(StageInput::stage).distinct().toList();
  }
}
