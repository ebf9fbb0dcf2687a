package dev.modelflow.engine.policy;

import java.util.Arrays;

/** Advantages of a group of answers to one prompt. */
public final class Advantages {
  private Advantages() {}

  /** Each reward less the group's mean, without division by the spread (Olmo 3). */
  public static double[] centred(double[] rewards) {
    double mean = Arrays.stream(rewards).average().orElse(0);
    return Arrays.stream(rewards).map(reward -> reward - mean).toArray();
  }

  /** Whether the group teaches anything: some rewards differ. */
  public static boolean haveSpread(double[] rewards) {
    return Arrays.stream(rewards).distinct().count() > 1;
  }
}
