package dev.modelflow.engine.policy;

import dev.modelflow.engine.generate.Continuation;
import dev.modelflow.engine.policy.Rollout.Prompted;
import java.util.ArrayList;
import java.util.List;

/**
 * A prompt's answers with their rewards.
 *
 * @param prompt what was asked
 * @param answers what was said
 * @param rewards of each answer, 0 or 1
 * @param passRate share of answers that the verifier calls right
 */
public record Group(
    Prompted prompt, List<Continuation> answers, List<Double> rewards, double passRate) {
  /** What a full reward counts in the objective (open-instruct's verification reward). */
  public static final double VERIFICATION_REWARD = 10;

  /** Whether some answers are worth more than others. */
  public boolean hasSpread() {
    return Advantages.haveSpread(scaled());
  }

  /** The answers with their advantages. */
  public List<Rollout> rollouts() {
    double[] advantages = Advantages.centred(scaled());
    List<Rollout> rollouts = new ArrayList<>();
    for (int i = 0; i < advantages.length; i++) {
      rollouts.add(new Rollout(prompt, answers.get(i), advantages[i]));
    }
    return rollouts;
  }

  private double[] scaled() {
    return rewards.stream().mapToDouble(reward -> VERIFICATION_REWARD * reward).toArray();
  }
}
