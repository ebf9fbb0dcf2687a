package dev.modelflow.engine.learn;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The vocabulary's softmax at the positions that have a target. Its backward pass is written by
 * hand: the logits are by far the largest tensor of a small model, and this way they are made once
 * and turned into their own gradient in place.
 */
final class Head {
  private final Weights weights;
  private final double temperature;
  private final Tensor selected;
  private final Tensor inputs;
  private final Tensor targets;
  private final Tensor logits;
  private final Tensor logDenominators;
  private final float[] logProbs;

  /**
   * Computes the log-probabilities of the rows' targets.
   *
   * @param hidden [rows * length, width], possibly part of a graph
   * @param weights whose head is meant
   * @param temperature that logits are divided by
   */
  Head(Tensor hidden, Weights weights, PackedRows rows, double temperature) {
    int count = rows.targetCount();
    long[] positions = new long[count];
    long[] wanted = new long[count];
    for (int i = 0, next = 0; i < rows.targets().length; i++) {
      if (rows.targets()[i] >= 0) {
        positions[next] = i;
        wanted[next++] = rows.targets()[i];
      }
    }
    this.weights = weights;
    this.temperature = temperature;
    selected =
        count == rows.targets().length
            ? hidden
            : hidden.index_select(0, Tensors.longs(positions, count));
    inputs = selected.detach();
    targets = Tensors.longs(wanted, count, 1);
    logits = weights.logits(inputs);
    if (temperature != 1) {
      logits.mul_(new Scalar(1 / temperature));
    }
    logDenominators = torch.logsumexp(logits, new long[] {1}, true);
    logProbs = Tensors.toFloats(logits.gather(1, targets).sub(logDenominators));
  }

  float[] logProbs() {
    return logProbs;
  }

  /** The sum over the targets of their softmax's squared log-denominators. */
  double squaredLogDenominators() {
    double sum = 0;
    for (float logDenominator : Tensors.toFloats(logDenominators)) {
      sum += (double) logDenominator * logDenominator;
    }
    return sum;
  }

  /**
   * Sends the loss's gradient back through the head and the graph below it; overwrites the logits.
   *
   * @param gradient d loss / d logProb
   * @param weightGradient [vocabulary, width], added to
   * @param roots what else the graph's gradient comes from; the hidden states join them
   */
  void backward(float[] gradient, double zWeight, Tensor weightGradient, Roots roots) {
    Tensor onTarget = Tensors.floats(gradient, gradient.length, 1);
    Tensor onDenominator = onTarget.neg();
    if (zWeight != 0) {
      onDenominator.add_(logDenominators, new Scalar(2 * zWeight));
    }
    Tensor onLogits = logits.sub_(logDenominators).exp_().mul_(onDenominator);
    onLogits.scatter_add_(1, targets, onTarget);
    if (temperature != 1) {
      onLogits.mul_(new Scalar(1 / temperature));
    }
    if (weights.precision() == Precision.FLOAT32) {
      weightGradient.addmm_(onLogits.t(), inputs);
      roots.add(selected, torch.mm(onLogits, weights.head()));
    } else {
      weightGradient.add_(product(onLogits.t(), inputs), new Scalar(1));
      roots.add(selected, product(onLogits, weights.head()));
    }
    roots.backward();
  }

  /** A product in the weights' precision, as float32. */
  private Tensor product(Tensor a, Tensor b) {
    ScalarType type = weights.precision().type();
    return torch.mm(a.toType(type), b.toType(type)).toType(Precision.FLOAT32.type());
  }
}
