package dev.modelflow.engine.generate;

import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.KeyValueCache;
import dev.modelflow.engine.model.ReadPrompts;
import dev.modelflow.engine.tensor.Tensors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Prompts that were read once for all their answers, and those answers that have their first token
 * and no row in the cache yet. Close it to free its tensors.
 */
final class Openings implements AutoCloseable {
  /** An answer and the number of its prompt. */
  private record Opening(Answer answer, int prompt) {}

  private final ReadPrompts prompts;
  private final Deque<Opening> left = new ArrayDeque<>();

  private Openings(ReadPrompts prompts) {
    this.prompts = prompts;
  }

  /**
   * Reads prompts and says the first token of all their answers.
   *
   * @param answers of each prompt
   */
  static Openings read(
      Decoder decoder, TokenChoice choice, List<int[]> prompts, List<List<Answer>> answers) {
    List<Opening> all = new ArrayList<>();
    for (int prompt = 0; prompt < prompts.size(); prompt++) {
      for (Answer answer : answers.get(prompt)) {
        all.add(new Opening(answer, prompt));
      }
    }
    try (PointerScope _ = new PointerScope()) {
      Openings openings = new Openings(decoder.read(choice.weights(), prompts));
      Tensor from = Tensors.longs(promptsOf(all), all.size());
      Tensor last = openings.prompts.last().index_select(0, from);
      choice.say(last, all.stream().map(Opening::answer).toList());
      all.stream().filter(opening -> !opening.answer().done()).forEach(openings.left::add);
      return openings;
    }
  }

  private static int[] promptsOf(List<Opening> openings) {
    return openings.stream().mapToInt(Opening::prompt).toArray();
  }

  /** Whether all answers that go on have their rows. */
  boolean isEmpty() {
    return left.isEmpty();
  }

  /** Gives up to {@code most} answers rows behind those of the cache, and returns them in order. */
  List<Answer> moveTo(KeyValueCache cache, int most) {
    List<Opening> moved = new ArrayList<>();
    while (moved.size() < most && !left.isEmpty()) {
      moved.add(left.remove());
    }
    if (!moved.isEmpty()) {
      cache.add(prompts, promptsOf(moved));
    }
    return moved.stream().map(Opening::answer).toList();
  }

  @Override
  public void close() {
    prompts.close();
  }
}
