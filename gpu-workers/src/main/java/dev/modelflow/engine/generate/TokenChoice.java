package dev.modelflow.engine.generate;

import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Chooses tokens from last hidden states.
 *
 * @param temperature of the drawing; 0: the likeliest
 */
record TokenChoice(Weights weights, double temperature) {
  /** Chooses the next token of each answer from its row of {@code hidden}, and notes it there. */
  void say(Tensor hidden, List<Answer> answers) {
    Tensor logits = weights.logits(hidden);
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
    // The last sum may fall short of 1 by rounding; scaling by it keeps every draw inside.
    Tensor threshold =
        Tensors.floats(uniforms, uniforms.length, 1)
            .mul(cumulative.narrow(1, cumulative.size(1) - 1, 1));
    Tensor below = cumulative.le(threshold).sum(new long[] {1}, true, new ScalarTypeOptional());
    return below.clamp_max_(new Scalar((int) cumulative.size(1) - 1));
  }
}
