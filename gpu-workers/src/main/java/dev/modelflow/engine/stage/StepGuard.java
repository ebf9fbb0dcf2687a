package dev.modelflow.engine.stage;

import dev.modelflow.engine.optim.SkipStep;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A stage's guard against steps with unusual losses, where its parameters ask for one. */
final class StepGuard {
  private final @Nullable SkipStep skip;

  private StepGuard(@Nullable SkipStep skip) {
    this.skip = skip;
  }

  static StepGuard of(Settings settings) {
    if (!settings.has(GuardState.KEY)) {
      return new StepGuard(null);
    }
    Settings own = settings.block(GuardState.KEY);
    int window = own.integer("window", 0);
    if (window == 0) {
      return new StepGuard(null);
    }
    return new StepGuard(new SkipStep(own.integer("window", 8), own.number("deviations", 0)));
  }

  /**
   * Whether a step is made.
   *
   * @param loss is asked for only where steps are guarded
   */
  boolean allows(DoubleSupplier loss, double gradientNorm) {
    return skip == null || skip.allows(loss.getAsDouble(), gradientNorm);
  }

  /** Steps before that count; 0 where no step is guarded. */
  int window() {
    return skip == null ? 0 : skip.window();
  }

  /** How often a step was skipped, for its report; nothing where none ever is. */
  Map<String, Long> count(boolean taken) {
    return skip == null ? Map.of() : Map.of(GuardState.SKIPPED_STEPS, taken ? 0L : 1L);
  }

  /** What the next steps depend on, for a checkpoint; nothing where no step is guarded. */
  Optional<GuardState> state() {
    return Optional.ofNullable(skip)
        .map(it -> new GuardState(it.losses(), it.gradientNorms(), it.skipped()));
  }

  /** Goes on from a checkpoint's state; one of a stage without a guard begins anew. */
  void restore(ObjectNode state) {
    if (skip != null && state.has(GuardState.KEY)) {
      GuardState before = GuardState.of(state.path(GuardState.KEY));
      skip.continueFrom(before.losses(), before.gradientNorms(), before.skipped());
    }
  }
}
