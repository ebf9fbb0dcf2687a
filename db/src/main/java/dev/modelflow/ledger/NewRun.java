package dev.modelflow.ledger;

import dev.modelflow.domain.FlowPlan;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run that is to be recorded.
 *
 * @param id its identity, chosen by the caller so that recording it twice is harmless
 * @param project whose it is
 * @param name what a person calls it
 * @param plan what runs
 * @param origin whether it continues another run
 * @param overrides what was changed against the plan's source
 * @param starts stage → how it begins; {@link StageStart.ByFingerprint} for those not named
 * @param createdBy who asked for it
 */
public record NewRun(
    String id,
    String project,
    String name,
    FlowPlan plan,
    RunOrigin origin,
    Map<String, @Nullable Object> overrides,
    Map<String, StageStart> starts,
    String createdBy) {
  /** A run that is called as its recipe. */
  public NewRun(
      String id,
      String project,
      FlowPlan plan,
      RunOrigin origin,
      Map<String, @Nullable Object> overrides,
      Map<String, StageStart> starts,
      String createdBy) {
    this(id, project, plan.name(), plan, origin, overrides, starts, createdBy);
  }
}
