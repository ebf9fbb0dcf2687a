package dev.modelflow.engine.learn;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Tensors of one graph, each with the loss's slope at it, to go back from all of them at once. */
final class Roots {
  private final TensorVector tensors = new TensorVector();
  private final TensorVector slopes = new TensorVector();

  /** One more; {@code slope} has the shape of {@code tensor}. */
  void add(Tensor tensor, Tensor slope) {
    tensors.push_back(tensor);
    slopes.push_back(slope);
  }

  /** Adds to the gradient of every leaf below; the graph is gone afterwards. */
  void backward() {
    torch.backward(tensors, slopes, new BoolOptional(), false, new TensorVector());
  }
}
