package dev.modelflow.engine.generate;

import dev.modelflow.engine.model.DecodeWeights;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.ranks.Ranks;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.Range;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.InferenceMode;
import org.jspecify.annotations.Nullable;

/**
 * Continues prompts, many at a time: each lane takes every n-th prompt and gives the row of an
 * answer that ends to the next ({@link GenerationLane}); of several ranks each takes its share of
 * the prompts. A continuation depends on the weights, its request and its stream of random numbers,
 * never on timing; on the other requests no more than by rounding.
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
    Range own = ranks.owned(requests.size());
    List<List<Continuation>> said =
        continued(requests.subList((int) own.from(), (int) own.to()), temperature, longest);
    return ranks.size() == 1 ? said : ofAllRanks(said);
  }

  private List<List<Continuation>> ofAllRanks(List<List<Continuation>> said) {
    return ranks.gather(ContinuationBytes.write(said)).stream()
        .flatMap(bytes -> ContinuationBytes.read(bytes).stream())
        .toList();
  }

  private List<List<Continuation>> continued(
      List<Request> requests, double temperature, int longest) {
    List<Integer> order = longestPromptsFirst(requests);
    List<List<List<Continuation>>> byLane;
    try (DecodeWeights packed = packed(requests, longest)) {
      byLane =
          lanes.run(lane -> ofLane(everyNth(order, lane, requests), packed, temperature, longest));
    }
    List<List<Continuation>> said = new ArrayList<>(Collections.nCopies(order.size(), List.of()));
    for (int i = 0; i < order.size(); i++) {
      said.set(order.get(i), byLane.get(i % lanes.count()).get(i / lanes.count()));
    }
    return said;
  }

  /**
   * Copies of the weights for all lanes; none where there are no steps, or where models of this
   * kind have none without a graph. A lane with one answer at a time goes on with the graph, slower
   * for each token but without copies.
   */
  private @Nullable DecodeWeights packed(List<Request> requests, int longest) {
    int answers = requests.stream().mapToInt(request -> request.samples().size()).sum();
    boolean together = rows > 1 && answers > lanes.count();
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

  /** Every lane gets prompts of all lengths. */
  private List<Request> everyNth(List<Integer> order, int lane, List<Request> requests) {
    return IntStream.range(0, order.size())
        .filter(i -> i % lanes.count() == lane)
        .mapToObj(i -> requests.get(order.get(i)))
        .toList();
  }

  private List<List<Continuation>> ofLane(
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
