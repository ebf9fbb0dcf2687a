package dev.modelflow.engine.generate;

import dev.modelflow.engine.model.DecodeWeights;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Decoding;
import dev.modelflow.engine.model.KeyValueCache;
import dev.modelflow.engine.tensor.SignOfLife;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * Continuous batching on one lane: an answer that ends leaves its row at once, and an answer to the
 * next prompt takes it while the others go on. Which answers share a step follows from prompts and
 * answers alone. Close it to free its tensors.
 */
final class GenerationLane implements AutoCloseable {
  /** Enough to keep a core busy with prompts, few enough for its cache. */
  private static final int TOKENS_READ_AT_ONCE = 1024;

  /** Prompts are read when one row of so many is free, since reading one alone is slow. */
  private static final int ROWS_FOR_ONE_FREE = 8;

  private final Decoder decoder;
  private final TokenChoice choice;
  private final int longest;
  private final int rows;
  private final KeyValueCache cache;
  private final @Nullable Decoding decoding;
  private final Deque<Request> waiting;
  private final List<List<Answer>> begun = new ArrayList<>();
  private final List<Answer> running = new ArrayList<>();
  private @Nullable Openings openings;
  private int steps;

  /**
   * A lane for these requests.
   *
   * @param requests those with long prompts best first: prompts of similar length are read together
   * @param packed the weights for steps without a graph; null: steps have one
   * @param longest most tokens of an answer
   * @param most answers at a time
   */
  GenerationLane(
      Decoder decoder,
      TokenChoice choice,
      @Nullable DecodeWeights packed,
      List<Request> requests,
      int longest,
      int most) {
    this.decoder = decoder;
    this.choice = choice;
    this.longest = longest;
    waiting = new ArrayDeque<>(requests);
    int answers = requests.stream().mapToInt(request -> request.samples().size()).sum();
    int prompt = requests.stream().mapToInt(Request::length).max().orElse(0);
    rows = Math.min(most, answers);
    cache = new KeyValueCache(decoder.config(), rows, prompt + longest, packed != null);
    decoding = packed == null ? null : new Decoding(decoder, packed, rows);
  }

  /**
   * Answers all requests, in their order.
   *
   * @param sign is given after each step and each reading of prompts
   */
  List<List<Continuation>> run(SignOfLife sign) {
    fill(sign);
    while (!running.isEmpty()) {
      step();
      sign.goesOn();
      fill(sign);
    }
    return begun.stream()
        .map(answers -> answers.stream().map(Answer::continuation).toList())
        .toList();
  }

  /** How many times all running answers got one more token; the first comes with the prompt. */
  int steps() {
    return steps;
  }

  /** Gives free rows to answers that wait for one; reads prompts where there are none. */
  private void fill(SignOfLife sign) {
    place();
    while (!waiting.isEmpty() && hasRoomForPrompts()) {
      read();
      sign.goesOn();
      place();
    }
  }

  private boolean hasRoomForPrompts() {
    return running.isEmpty() || free() >= Math.ceilDiv(rows, ROWS_FOR_ONE_FREE);
  }

  private int free() {
    return rows - running.size();
  }

  private void place() {
    if (openings != null && free() > 0) {
      running.addAll(openings.moveTo(cache, free()));
      if (openings.isEmpty()) {
        openings.close();
        openings = null;
      }
    }
  }

  /** Reads as many prompts as have enough answers for the free rows, though not all at once. */
  private void read() {
    List<int[]> prompts = new ArrayList<>();
    List<List<Answer>> answers = new ArrayList<>();
    int longestPrompt = 0;
    int count = 0;
    while (!waiting.isEmpty() && count < free()) {
      longestPrompt = Math.max(longestPrompt, waiting.element().length());
      if (!prompts.isEmpty() && (prompts.size() + 1) * longestPrompt > TOKENS_READ_AT_ONCE) {
        break;
      }
      Request request = waiting.remove();
      prompts.add(request.prompt());
      answers.add(request.answers(longest));
      count += request.samples().size();
    }
    begun.addAll(answers);
    openings = Openings.read(decoder, choice, prompts, answers);
  }

  private void step() {
    int[] said = running.stream().mapToInt(Answer::last).toArray();
    try (PointerScope _ = new PointerScope()) {
      if (decoding == null) {
        choice.say(decoder.next(choice.weights(), said, cache), running);
      } else {
        choice.say(decoding.logits(said, cache), running);
      }
    }
    steps++;
    // From the last row on, so that the row which takes a place has been looked at.
    for (int row = running.size() - 1; row >= 0; row--) {
      if (running.get(row).done()) {
        cache.remove(row);
        Answer last = running.removeLast();
        if (row < running.size()) {
          running.set(row, last);
        }
      }
    }
  }

  @Override
  public void close() {
    if (openings != null) {
      openings.close();
    }
    cache.close();
  }
}
