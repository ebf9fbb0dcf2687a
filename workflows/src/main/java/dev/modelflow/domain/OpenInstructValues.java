package dev.modelflow.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values that open-instruct's programs compute with and have no flag for: {@code dpo.py} and
 * {@code grpo_fast.py} of allenai/open-instruct at e6c3044.
 */
public final class OpenInstructValues {
  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.999;

  /** Where OLMo-core's cosine, which dpo.py has, ends as a share of the highest rate. */
  private static final double COSINE_END = 0.1;

  private static final Set<String> SCHEDULES = Set.of("cosine", "linear", "constant");
  private static final String STEPS = "steps";
  private static final String EVERY = "checkpointEvery";
  private static final double ROUNDING = 1e-9;

  private final StageKind kind;
  private final Map<String, ? extends @Nullable Object> asked;
  private final List<Other> others = new ArrayList<>();

  private OpenInstructValues(StageKind kind, Map<String, ? extends @Nullable Object> asked) {
    this.kind = kind;
    this.asked = asked;
  }

  /**
   * A value that a stage asks for and the program does not have.
   *
   * @param key of the stage
   * @param use what the program has, in words that go on from "use "
   */
  public record Other(String key, Object value, String use) {}

  /**
   * What a stage asks for that the program cannot give it.
   *
   * @param kind dpo or rlvr
   * @param parameters of the stage, with their defaults; what is missing or no number is not looked
   *     at
   */
  public static List<Other> of(StageKind kind, Map<String, ? extends @Nullable Object> parameters) {
    OpenInstructValues values = new OpenInstructValues(kind, parameters);
    values.optimizer();
    values.schedule();
    if (kind == StageKind.RLVR) {
      values.reward();
      values.checkpoints();
    }
    return List.copyOf(values.others);
  }

  private void optimizer() {
    number("beta1", BETA_1);
    number("beta2", BETA_2);
  }

  private void schedule() {
    String schedule = Objects.toString(asked.get("schedule"), "");
    if (!SCHEDULES.contains(schedule)) {
      others.add(new Other("schedule", schedule, "cosine, linear or constant"));
    } else if (!schedule.equals("constant")) {
      double share = schedule.equals("cosine") && kind == StageKind.DPO ? COSINE_END : 0;
      number("finalFraction", share);
      if (asked.get("learningRate") instanceof Number peak) {
        number("finalLearningRate", share * peak.doubleValue());
      }
    }
  }

  private void reward() {
    if (asked.get("reward") instanceof String reward && !reward.equals("verifier")) {
      others.add(new Other("reward", reward, "verifier"));
    }
  }

  /** Without the key there is one checkpoint, at the end. */
  private void checkpoints() {
    String key = asked.containsKey(EVERY) ? EVERY : STEPS;
    if (asked.get(key) instanceof Number every && asked.get(STEPS) instanceof Number steps) {
      boolean saved = every.longValue() > 1 && steps.longValue() % every.longValue() == 0;
      if (!saved) {
        others.add(new Other(key, every, wholeParts(key, steps)));
      }
    }
  }

  private static String wholeParts(String key, Number steps) {
    return key.equals(EVERY)
        ? "a divisor of the %s steps above 1".formatted(steps)
        : "at least 2 steps";
  }

  private void number(String key, double fixed) {
    if (asked.get(key) instanceof Number value
        && Math.abs(value.doubleValue() - fixed) > ROUNDING * fixed) {
      others.add(new Other(key, value, String.valueOf(fixed)));
    }
  }
}
