package dev.modelflow.engine.generate;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.random.CounterRandom;
import java.util.List;

/** Prompts without meaning, and answers as rows to be scored again. */
final class ToyPrompts {
  private ToyPrompts() {}

  /** A prompt of so many ordinary tokens of a vocabulary of 50. */
  static int[] prompt(int number, int length) {
    CounterRandom random = CounterRandom.of(1, "prompts").at(number);
    int[] prompt = new int[length];
    for (int i = 0; i < length; i++) {
      prompt[i] = 4 + random.below(46, i);
    }
    return prompt;
  }

  /** The prompt and its answer, of which every token is asked for. */
  static PackedRows row(int[] prompt, int[] answer) {
    int length = prompt.length + answer.length - 1;
    int[] tokens = new int[length];
    int[] targets = new int[length];
    for (int i = 0; i < length; i++) {
      tokens[i] = i < prompt.length ? prompt[i] : answer[i - prompt.length];
      targets[i] = i < prompt.length - 1 ? PackedRows.NO_TARGET : answer[i - prompt.length + 1];
    }
    return PackedRows.of(List.of(List.of(new Sequence(tokens, targets))), length);
  }
}
