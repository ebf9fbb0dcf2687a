package dev.modelflow.run;

import dev.modelflow.domain.FlowPlan;
import dev.modelflow.ledger.RunOrigin;
import dev.modelflow.ledger.StageStart;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A requested run, worked out but not recorded.
 *
 * @param plan what runs
 * @param origin which run it continues
 * @param overrides all that differs from the recipe's source
 * @param starts stage → how it begins
 */
record Draft(
    FlowPlan plan,
    RunOrigin origin,
    Map<String, @Nullable Object> overrides,
    Map<String, StageStart> starts) {}
