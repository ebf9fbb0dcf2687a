package dev.modelflow.adapter;

import java.util.Map;
import java.util.TreeMap;

/** Tokens of steps as a trainer tells them. */
final class ToldTokens implements StepTokens {
  private final TreeMap<Integer, Long> upTo = new TreeMap<>();

  /** After {@code step} steps with so many tokens. */
  ToldTokens(int step, long tokens) {
    upTo.put(step, tokens);
  }

  @Override
  public long upTo(int step) {
    Map.Entry<Integer, Long> known = upTo.floorEntry(step);
    return known == null ? 0 : known.getValue();
  }

  @Override
  public void told(int step, long tokens) {
    upTo.put(step, upTo(step - 1) + tokens);
  }
}
