package dev.modelflow.parity;

import dev.modelflow.engine.generate.Generator;
import dev.modelflow.engine.generate.Request;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.text.SpecialIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Prompts of many kinds, and what the engine answers to them greedily. */
final class ToyAnswers {
  /** The most tokens of an answer. */
  static final int LONGEST = 40;

  /** The longest is beyond window and original context. */
  private static final List<Integer> LENGTHS = List.of(1, 9, 60, 130, 300);

  /** Enough for some answers to end by themselves, though a random model seldom says so. */
  private static final int TRIED = 96;

  private static final int TRIED_LENGTH = 8;

  private final Generator generator;
  private final SpecialIds specials;

  private record Said(List<Integer> prompt, List<Integer> answer) {
    boolean endsWith(int token) {
      return answer.getLast() == token;
    }

    Map<String, Object> tree() {
      return Map.of("prompt", prompt, "answer", answer);
    }
  }

  ToyAnswers(Decoder decoder, Parameters weights, Lanes lanes, SpecialIds specials) {
    generator = new Generator(decoder, weights, lanes);
    this.specials = specials;
  }

  /**
   * Random prompts and those of {@code text}, each with its answer, by the names of {@code
   * inputs.json}; and, where one is found, a prompt whose answer ends as a text and one whose
   * answer ends as a message.
   */
  List<Map<String, Object>> to(ToyText text) {
    Stream<int[]> random = LENGTHS.stream().map(length -> ToyModel.tokens("prompt", length));
    List<Said> said =
        new ArrayList<>(answered(Stream.concat(random, text.prompts().stream()).toList()));
    List<Said> tried =
        answered(
            IntStream.range(0, TRIED)
                .mapToObj(i -> ToyModel.tokens("tried " + i, TRIED_LENGTH))
                .toList());
    for (int end : specials.ends()) {
      tried.stream().filter(each -> each.endsWith(end)).findFirst().ifPresent(said::add);
    }
    return said.stream().map(Said::tree).toList();
  }

  private List<Said> answered(List<int[]> prompts) {
    BitSet ends = Request.ends(specials);
    List<Request> requests = prompts.stream().map(prompt -> Request.greedy(prompt, ends)).toList();
    List<int[]> answers =
        generator.generate(requests, 0, LONGEST).stream()
            .map(samples -> samples.getFirst().tokens())
            .toList();
    return IntStream.range(0, prompts.size())
        .mapToObj(i -> new Said(list(prompts.get(i)), list(answers.get(i))))
        .toList();
  }

  private static List<Integer> list(int[] tokens) {
    return Arrays.stream(tokens).boxed().toList();
  }
}
