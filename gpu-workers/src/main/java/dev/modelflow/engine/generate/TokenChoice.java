package dev.modelflow.engine.generate;

import dev.modelflow.engine.kernel.DrawKernel;
import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/** Chooses tokens from last hidden states, or from what the head says of them. */
final class TokenChoice {
  private final Weights weights;
  private final double temperature;
  private final DrawKernel kernel;

  /**
   * A choice for one thread.
   *
   * @param temperature of the drawing; 0: the likeliest
   */
  TokenChoice(Weights weights, double temperature) {
    this.weights = weights;
    this.temperature = temperature;
    kernel = new DrawKernel(Math.toIntExact(weights.head().size(0)));
  }

  Weights weights() {
    return weights;
  }

  /** Chooses the next token of each answer from its row of {@code hidden}, and notes it there. */
  void say(Tensor hidden, List<Answer> answers) {
    Tensor logits = weights.logits(hidden);
    if (logits.is_cpu()) {
      int columns = Math.toIntExact(logits.size(1));
      say(Matrix.of(logits, answers.size(), columns, Precision.FLOAT32), answers);
    } else {
      sayOnDevice(logits, answers);
    }
  }

  /** The same from logits in this process's memory. */
  void say(Matrix logits, List<Answer> answers) {
    float[] logProbs = new float[answers.size()];
    for (int row = 0; row < logProbs.length; row++) {
      Answer answer = answers.get(row);
      int token =
          temperature > 0
              ? kernel.drawn(logits, row, (float) (1 / temperature), answer.uniform(), logProbs)
              : kernel.likeliest(logits, row, logProbs);
      answer.note(token, logProbs[row]);
    }
  }

  /**
   * The same where the logits lie on another device, which it would take long to copy them from.
   */
  private void sayOnDevice(Tensor logits, List<Answer> answers) {
    if (temperature > 0 && temperature != 1) {
      logits.mul_(new Scalar(1 / temperature));
    }
    Tensor scores = logits.log_softmax(1);
    Tensor chosen =
        temperature > 0 ? drawn(scores, answers) : scores.argmax(new LongOptional(1), true);
    long[] ids = Tensors.toLongs(chosen);
    float[] scored = Tensors.toFloats(scores.gather(1, chosen));
    for (int row = 0; row < ids.length; row++) {
      answers.get(row).note((int) ids[row], scored[row]);
    }
  }

  /** Inverts the cumulative distribution at each answer's next random number. */
  private static Tensor drawn(Tensor scores, List<Answer> answers) {
    float[] uniforms = new float[answers.size()];
    for (int row = 0; row < uniforms.length; row++) {
      uniforms[row] = answers.get(row).uniform();
    }
    Tensor cumulative = Tensors.runningSums(scores.exp());
    // The last sum may fall short of 1 by rounding: scaled by it, a number below 1 stays below it.
    Tensor threshold =
        Tensors.floats(uniforms, uniforms.length, 1)
            .mul(cumulative.narrow(1, cumulative.size(1) - 1, 1));
    return cumulative.le(threshold).sum(new long[] {1}, true, new ScalarTypeOptional());
  }
}
