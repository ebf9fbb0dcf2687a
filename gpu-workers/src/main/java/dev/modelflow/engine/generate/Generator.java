package dev.modelflow.engine.generate;

import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.ranks.Ranks;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;

/**
 * Continues prompts in batches, each lane every n-th batch; of several ranks each takes its share
 * of the prompts. A continuation depends on the weights, the requests (their order makes the
 * batches) and the streams of random numbers, never on timing.
 */
public final class Generator {
  /** Enough rows to keep a core busy, few enough for its cache. */
  private static final int SEQUENCES_AT_ONCE = 64;

  private final Decoder decoder;
  private final Parameters parameters;
  private final Lanes lanes;
  private final Ranks ranks;

  /** A generator under these weights, as they are at each call. */
  public Generator(Decoder decoder, Parameters parameters, Lanes lanes) {
    this(decoder, parameters, lanes, Ranks.alone());
  }

  /** One rank's generator; all have the same weights and are given the same requests. */
  public Generator(Decoder decoder, Parameters parameters, Lanes lanes, Ranks ranks) {
    this.decoder = decoder;
    this.parameters = parameters;
    this.lanes = lanes;
    this.ranks = ranks;
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
    List<List<Request>> batches = batches(requests);
    List<List<List<Continuation>>> byLane =
        lanes.run(lane -> everyNth(batches, lane, temperature, longest));
    List<List<Continuation>> ordered = new ArrayList<>();
    int[] next = new int[lanes.count()];
    IntStream.range(0, batches.size())
        .forEach(
            batch -> {
              int lane = batch % lanes.count();
              for (Request _ : batches.get(batch)) {
                ordered.add(byLane.get(lane).get(next[lane]++));
              }
            });
    return ordered;
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

  private List<List<Continuation>> everyNth(
      List<List<Request>> batches, int lane, double temperature, int longest) {
    List<List<Continuation>> results = new ArrayList<>();
    try (Weights weights =
        Weights.forInference(decoder.config(), parameters, decoder.precision())) {
      for (int i = lane; i < batches.size(); i += lanes.count()) {
        try (PointerScope _ = new PointerScope()) {
          results.addAll(
              new GenerationBatch(decoder, weights, batches.get(i), temperature, longest).run());
        }
      }
    }
    return results;
  }

  /** Batches of neighbours, at least one for each lane while there are requests. */
  private List<List<Request>> batches(List<Request> requests) {
    int each =
        Math.max(
            1,
            Math.min(
                SEQUENCES_AT_ONCE / Math.max(1, samplesEach(requests)),
                Math.ceilDiv(requests.size(), lanes.count())));
    List<List<Request>> batches = new ArrayList<>();
    for (int from = 0; from < requests.size(); from += each) {
      batches.add(requests.subList(from, Math.min(requests.size(), from + each)));
    }
    return batches;
  }

  private static int samplesEach(List<Request> requests) {
    return requests.stream().mapToInt(request -> request.samples().size()).max().orElse(1);
  }
}
