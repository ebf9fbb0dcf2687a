package dev.modelflow.engine.model;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/** The decoder written out in plain loops and doubles, one document at a time, to check against. */
final class ReferenceDecoder {
  private final ModelConfig model;
  private final Parameters weights;

  ReferenceDecoder(ModelConfig model, Parameters weights) {
    this.model = model;
    this.weights = weights;
  }

  /** Log-probability of each target. */
  double[] logProbs(int[] tokens, int[] targets) {
    double[][] stream = new double[tokens.length][];
    double[][] embedding = matrix("model.embed_tokens.weight", model.width());
    for (int i = 0; i < tokens.length; i++) {
      stream[i] = embedding[tokens[i]].clone();
    }
    for (int layer = 0; layer < model.layers(); layer++) {
      double[][] attended = attention(stream, layer);
      add(stream, normed(attended, ParameterLayout.norm(layer, "post_attention_layernorm")));
      double[][] fed = feedForward(stream, layer);
      add(stream, normed(fed, ParameterLayout.norm(layer, "post_feedforward_layernorm")));
    }
    double[][] logits = times(normed(stream, "model.norm.weight"), weights.layout().head().name());
    double[] logProbs = new double[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      double sum = Arrays.stream(logits[i]).map(Math::exp).sum();
      logProbs[i] = logits[i][targets[i]] - Math.log(sum);
    }
    return logProbs;
  }

  private double[][] attention(double[][] x, int layer) {
    double[][] queries =
        normed(
            times(x, ParameterLayout.attention(layer, "q_proj")),
            ParameterLayout.attention(layer, "q_norm"));
    double[][] keys =
        normed(
            times(x, ParameterLayout.attention(layer, "k_proj")),
            ParameterLayout.attention(layer, "k_norm"));
    double[][] values = times(x, ParameterLayout.attention(layer, "v_proj"));
    rotate(queries, layer, model.heads());
    rotate(keys, layer, model.keyValueHeads());
    double[][] mixed = new double[x.length][model.queryWidth()];
    for (int head = 0; head < model.heads(); head++) {
      for (int i = 0; i < x.length; i++) {
        int first = model.isFull(layer) ? 0 : Math.max(0, i - model.slidingWindow() + 1);
        mix(queries[i], keys, values, mixed[i], first, i, head);
      }
    }
    return times(mixed, ParameterLayout.attention(layer, "o_proj"));
  }

  private void mix(
      double[] query,
      double[][] keys,
      double[][] values,
      double[] out,
      int first,
      int last,
      int head) {
    int size = model.headSize();
    int offset = head * size;
    int sharedOffset = head / (model.heads() / model.keyValueHeads()) * size;
    double[] scores = new double[last + 1];
    double total = 0;
    for (int j = first; j <= last; j++) {
      double dot = 0;
      for (int k = 0; k < size; k++) {
        dot += query[offset + k] * keys[j][sharedOffset + k];
      }
      scores[j] = Math.exp(dot / Math.sqrt(size));
      total += scores[j];
    }
    for (int j = first; j <= last; j++) {
      for (int k = 0; k < size; k++) {
        out[offset + k] += scores[j] / total * values[j][sharedOffset + k];
      }
    }
  }

  private void rotate(double[][] x, int layer, int heads) {
    Yarn yarn = model.isFull(layer) ? model.yarn() : null;
    double[] frequencies = RotaryFrequencies.of(model.headSize(), model.ropeBase(), yarn);
    double scale = yarn == null ? 1 : yarn.attentionFactor();
    int half = model.headSize() / 2;
    for (int i = 0; i < x.length; i++) {
      for (int head = 0; head < heads; head++) {
        for (int k = 0; k < half; k++) {
          int a = head * model.headSize() + k;
          double cosine = Math.cos(i * frequencies[k]) * scale;
          double sine = Math.sin(i * frequencies[k]) * scale;
          double first = x[i][a];
          double second = x[i][a + half];
          x[i][a] = first * cosine - second * sine;
          x[i][a + half] = second * cosine + first * sine;
        }
      }
    }
  }

  private double[][] feedForward(double[][] x, int layer) {
    Experts experts = model.experts();
    return experts == null
        ? swiGlu(x, part -> ParameterLayout.feedForward(layer, part))
        : mixture(x, layer, experts);
  }

  /** Every expert says something of every token; what the router did not choose counts nothing. */
  private double[][] mixture(double[][] x, int layer, Experts experts) {
    double[][] shares = times(x, ParameterLayout.router(layer));
    double[][] sum = new double[x.length][model.width()];
    for (int expert = 0; expert < experts.count(); expert++) {
      int number = expert;
      double[][] said = swiGlu(x, part -> ParameterLayout.expert(layer, number, part));
      for (int i = 0; i < x.length; i++) {
        double own = shares[i][expert];
        long better = Arrays.stream(shares[i]).filter(other -> other > own).count();
        double all = Arrays.stream(shares[i]).map(Math::exp).sum();
        for (int k = 0; better < experts.perToken() && k < model.width(); k++) {
          sum[i][k] += Math.exp(own) / all * said[i][k];
        }
      }
    }
    return sum;
  }

  private double[][] swiGlu(double[][] x, UnaryOperator<String> name) {
    double[][] gate = times(x, name.apply("gate_proj"));
    double[][] up = times(x, name.apply("up_proj"));
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < model.feedForward(); k++) {
        gate[i][k] = gate[i][k] / (1 + Math.exp(-gate[i][k])) * up[i][k];
      }
    }
    return times(gate, name.apply("down_proj"));
  }

  private double[][] normed(double[][] x, String name) {
    float[] weight = weights.read(weights.layout().entry(name));
    double[][] out = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      double square = Arrays.stream(x[i]).map(v -> v * v).average().orElse(0);
      out[i] = x[i].clone();
      for (int k = 0; k < out[i].length; k++) {
        out[i][k] *= weight[k] / Math.sqrt(square + ModelConfig.EPSILON);
      }
    }
    return out;
  }

  private double[][] times(double[][] x, String name) {
    double[][] matrix = matrix(name, x[0].length);
    double[][] out = new double[x.length][matrix.length];
    for (int i = 0; i < x.length; i++) {
      for (int row = 0; row < matrix.length; row++) {
        for (int k = 0; k < x[i].length; k++) {
          out[i][row] += x[i][k] * matrix[row][k];
        }
      }
    }
    return out;
  }

  private double[][] matrix(String name, int columns) {
    float[] values = weights.read(weights.layout().entry(name));
    double[][] matrix = new double[values.length / columns][columns];
    for (int i = 0; i < values.length; i++) {
      matrix[i / columns][i % columns] = values[i];
    }
    return matrix;
  }

  private static void add(double[][] x, double[][] y) {
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < x[i].length; k++) {
        x[i][k] += y[i][k];
      }
    }
  }
}
