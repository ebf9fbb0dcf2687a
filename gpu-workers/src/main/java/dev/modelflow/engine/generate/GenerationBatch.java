package dev.modelflow.engine.generate;

import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.KeyValueCache;
import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/** Continues some prompts at the same time; all requests have equally many samples. */
final class GenerationBatch {
  private final Decoder decoder;
  private final Weights weights;
  private final List<Request> requests;
  private final double temperature;
  private final int longest;
  private final int samples;
  private final List<CounterRandom> randoms = new ArrayList<>();
  private final int[][] tokens;
  private final float[][] logProbs;
  private final int[] lengths;
  private final boolean[] ended;

  GenerationBatch(
      Decoder decoder, Weights weights, List<Request> requests, double temperature, int longest) {
    this.decoder = decoder;
    this.weights = weights;
    this.requests = requests;
    this.temperature = temperature;
    this.longest = longest;
    samples = requests.getFirst().samples().size();
    requests.forEach(request -> randoms.addAll(request.samples()));
    tokens = new int[randoms.size()][longest];
    logProbs = new float[randoms.size()][longest];
    lengths = new int[randoms.size()];
    ended = new boolean[randoms.size()];
  }

  List<List<Continuation>> run() {
    int columns = requests.stream().mapToInt(request -> request.prompt().length).max().orElse(0);
    KeyValueCache prompts = cache(columns);
    Tensor last = lastHidden(decoder.hidden(weights, padded(columns), columns, prompts), columns);
    KeyValueCache cache = samples == 1 ? prompts : prompts.repeated(samples);
    Tensor first =
        samples == 1
            ? last
            : last.repeat_interleave(samples, new LongOptional(0), new LongOptional());
    int[] said = say(first, 0);
    for (int i = 1; i < longest && !allEnded(); i++) {
      try (PointerScope _ = new PointerScope()) {
        said = say(decoder.hidden(weights, said, 1, cache), i);
      }
    }
    return continuations();
  }

  private KeyValueCache cache(int columns) {
    int[] starts =
        requests.stream().mapToInt(request -> columns - request.prompt().length).toArray();
    return new KeyValueCache(decoder.config(), starts, columns + longest);
  }

  private int[] padded(int columns) {
    int[] all = new int[requests.size() * columns];
    for (int row = 0; row < requests.size(); row++) {
      int[] prompt = requests.get(row).prompt();
      System.arraycopy(prompt, 0, all, (row + 1) * columns - prompt.length, prompt.length);
    }
    return all;
  }

  private Tensor lastHidden(Tensor hidden, int columns) {
    return hidden.view(requests.size(), columns, -1).narrow(1, columns - 1, 1).squeeze(1);
  }

  /** Chooses a token for every row, notes it where the row has not ended, and returns them all. */
  private int[] say(Tensor hidden, int index) {
    Tensor logits = weights.logits(hidden);
    if (temperature > 0 && temperature != 1) {
      logits.mul_(new Scalar(1 / temperature));
    }
    Tensor scores = logits.log_softmax(1);
    Tensor chosen =
        temperature > 0 ? drawn(scores, index) : scores.argmax(new LongOptional(1), true);
    long[] ids = Tensors.toLongs(chosen);
    float[] scored = Tensors.toFloats(scores.gather(1, chosen));
    int[] said = new int[ids.length];
    for (int row = 0; row < ids.length; row++) {
      said[row] = (int) ids[row];
      note(row, said[row], scored[row]);
    }
    return said;
  }

  /** Inverts the cumulative distribution at each row's next random number. */
  private Tensor drawn(Tensor scores, int index) {
    float[] uniforms = new float[randoms.size()];
    for (int row = 0; row < uniforms.length; row++) {
      uniforms[row] = (float) randoms.get(row).uniform(index);
    }
    Tensor cumulative = scores.exp().cumsum(1);
    // The last sum may fall short of 1 by rounding; scaling by it keeps every draw inside.
    Tensor threshold =
        Tensors.floats(uniforms, uniforms.length, 1)
            .mul(cumulative.narrow(1, cumulative.size(1) - 1, 1));
    Tensor below = cumulative.le(threshold).sum(new long[] {1}, true, new ScalarTypeOptional());
    return below.clamp_max_(new Scalar((int) cumulative.size(1) - 1));
  }

  private void note(int row, int token, float logProb) {
    if (!ended[row]) {
      tokens[row][lengths[row]] = token;
      logProbs[row][lengths[row]++] = logProb;
      ended[row] = requests.get(row / samples).endsAt(token);
    }
  }

  private boolean allEnded() {
    for (boolean done : ended) {
      if (!done) {
        return false;
      }
    }
    return true;
  }

  private List<List<Continuation>> continuations() {
    List<List<Continuation>> all = new ArrayList<>();
    for (int request = 0; request < requests.size(); request++) {
      List<Continuation> group = new ArrayList<>();
      for (int row = request * samples; row < (request + 1) * samples; row++) {
        group.add(
            new Continuation(
                Arrays.copyOf(tokens[row], lengths[row]),
                Arrays.copyOf(logProbs[row], lengths[row]),
                ended[row]));
      }
      all.add(group);
    }
    return all;
  }
}
