package dev.modelflow.engine.generate;

import dev.modelflow.engine.model.DecodeWeights;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.ranks.Ranks;
import dev.modelflow.engine.tensor.Lanes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.InferenceMode;
import org.jspecify.annotations.Nullable;

/**
 * Continues prompts, many at a time: each lane takes every n-th prompt and gives the row of an
 * answer that ends to the next ({@link GenerationLane}); lanes count on from one rank to the next.
 * A continuation depends on the weights, its request and its stream of random numbers, never on
 * timing; on the other requests no more than by rounding.
 */
public final class Generator {
  /** Enough rows to keep a core busy, few enough for its cache. */
  private static final int ROWS = 64;

  private final Decoder decoder;
  private final Parameters parameters;
  private final Lanes lanes;
  private final Ranks ranks;
  private final int rows;

  /** A generator under these weights, as they are at each call. */
  public Generator(Decoder decoder, Parameters parameters, Lanes lanes) {
    this(decoder, parameters, lanes, Ranks.alone());
  }

  /** One rank's generator; all have the same weights and are given the same requests. */
  public Generator(Decoder decoder, Parameters parameters, Lanes lanes, Ranks ranks) {
    this(decoder, parameters, lanes, ranks, ROWS);
  }

  /** The same with another number of answers that a lane works on at a time. */
  Generator(Decoder decoder, Parameters parameters, Lanes lanes, Ranks ranks, int rows) {
    this.decoder = decoder;
    this.parameters = parameters;
    this.lanes = lanes;
    this.ranks = ranks;
    this.rows = rows;
  }

  /**
   * Continues each request.
   *
   * @param temperature of the drawing; 0: greedy
   * @param longest most tokens of a continuation
   * @return for each request its samples' continuations
   * @throws IllegalArgumentException when a prompt has a token that the model does not, or does not
   *     fit the decoder's positions together with its continuation
   */
  public List<List<Continuation>> generate(
      List<Request> requests, double temperature, int longest) {
    requests.forEach(request -> requireFits(request, longest));
    List<Integer> order = longestPromptsFirst(requests);
    List<List<Continuation>> own = continued(order, requests, temperature, longest);
    return inOrder(ranks.size() == 1 ? own : ofAllRanks(own), order);
  }

  private List<List<Continuation>> ofAllRanks(List<List<Continuation>> own) {
    return ranks.gather(ContinuationBytes.write(own)).stream()
        .flatMap(bytes -> ContinuationBytes.read(bytes).stream())
        .toList();
  }

  /** What this rank's lanes say, one lane's behind the other's. */
  private List<List<Continuation>> continued(
      List<Integer> order, List<Request> requests, double temperature, int longest) {
    try (DecodeWeights packed = packed(requests, longest)) {
      return lanes
          .run(
              lane ->
                  answers(
                      ofLane(lane, order).map(requests::get).toList(),
                      packed,
                      temperature,
                      longest))
          .stream()
          .flatMap(List::stream)
          .toList();
    }
  }

  /**
   * Every lane gets prompts of all lengths, and the same ones however the lanes are spread over
   * ranks: how a prompt's values are rounded may hang on those that are read with it.
   */
  private Stream<Integer> ofLane(int lane, List<Integer> order) {
    int first = ranks.rank() * lanes.count() + lane;
    return IntStream.iterate(first, i -> i < order.size(), i -> i + workers()).mapToObj(order::get);
  }

  /** Lanes of all ranks together. */
  private int workers() {
    return ranks.size() * lanes.count();
  }

  /** What all lanes said, by requests. */
  private List<List<Continuation>> inOrder(List<List<Continuation>> said, List<Integer> order) {
    List<List<Continuation>> all = new ArrayList<>(Collections.nCopies(order.size(), List.of()));
    int next = 0;
    for (int lane = 0; lane < workers(); lane++) {
      for (int i = lane; i < order.size(); i += workers()) {
        all.set(order.get(i), said.get(next++));
      }
    }
    return all;
  }

  /**
   * Copies of the weights for all lanes; none where there are no steps, or where models of this
   * kind have none without a graph. A lane with one answer at a time goes on with the graph, slower
   * for each token but without copies.
   */
  private @Nullable DecodeWeights packed(List<Request> requests, int longest) {
    int answers = requests.stream().mapToInt(request -> request.samples().size()).sum();
    boolean together = rows > 1 && answers > workers();
    return longest > 1 && together && DecodeWeights.fit(decoder.config(), parameters)
        ? new DecodeWeights(decoder.config(), parameters, decoder.precision())
        : null;
  }

  private void requireFits(Request request, int longest) {
    // The last token that is said is never read.
    if (request.length() + longest - 1 > decoder.positions()) {
      throw new IllegalArgumentException(
          "A prompt of %d tokens and an answer of up to %d do not fit the context of %d: shorten one"
              .formatted(request.length(), longest, decoder.positions()));
    }
    for (int token : request.prompt()) {
      if (token < 0 || token >= decoder.config().vocabulary()) {
        throw new IllegalArgumentException(
            "Token %d of a prompt is none of the model's, which are 0 to %d"
                .formatted(token, decoder.config().vocabulary() - 1));
      }
    }
  }

  private static List<Integer> longestPromptsFirst(List<Request> requests) {
    return IntStream.range(0, requests.size())
        .boxed()
        .sorted(Comparator.comparingInt(i -> -requests.get(i).length()))
        .toList();
  }

  private List<List<Continuation>> answers(
      List<Request> requests, @Nullable DecodeWeights packed, double temperature, int longest) {
    if (requests.isEmpty()) {
      return List.of();
    }
    try (InferenceMode _ = new InferenceMode();
        Weights weights = Weights.forInference(decoder.config(), parameters, decoder.precision());
        GenerationLane lane =
            new GenerationLane(
                decoder, new TokenChoice(weights, temperature), packed, requests, longest, rows)) {
      return lane.run(lanes::goesOn);
    }
  }
}
