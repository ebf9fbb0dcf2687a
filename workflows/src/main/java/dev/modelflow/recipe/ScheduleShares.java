package dev.modelflow.recipe;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what a recipe may say as a share into the numbers that trainers read. */
public final class ScheduleShares {
  /** The share of the steps in which {@code wsd} falls where a recipe does not say (OLMo-core). */
  static final double DECAY = 0.1;

  private ScheduleShares() {}

  /** Puts numbers in the places of shares; leaves the parameters of stages without any alone. */
  public static void resolve(Map<String, @Nullable Object> parameters) {
    double end = number(parameters, "scheduleSteps", number(parameters, "steps", 0));
    if (parameters.remove("warmupFraction") instanceof Number share) {
      parameters.put("warmupSteps", of(share.doubleValue(), end));
    }
    if (parameters.remove("finalFraction") instanceof Number share) {
      double highest = number(parameters, "learningRate", 0);
      parameters.put("finalLearningRate", share.doubleValue() * highest);
    }
    Object decay = parameters.remove("decayFraction");
    if (ScheduleFields.WSD.equals(parameters.get("schedule"))) {
      double share = decay instanceof Number number ? number.doubleValue() : DECAY;
      parameters.putIfAbsent("decaySteps", Math.max(1, of(share, end)));
    }
  }

  /** A share of steps, rounded as OLMo-core does: half to even. */
  static long of(double share, double steps) {
    return (long) Math.rint(share * steps);
  }

  private static double number(
      Map<String, @Nullable Object> parameters, String key, double otherwise) {
    return parameters.get(key) instanceof Number number ? number.doubleValue() : otherwise;
  }
}
