package dev.modelflow.engine.model;

import dev.modelflow.engine.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What a decoder has read of some prompts, so that any number of continuations can begin there.
 * Close it to free its tensors.
 */
public final class ReadPrompts implements AutoCloseable {
  /**
   * One layer's keys and values, each [prompts, places, keyValueWidth]. Position p lies at place p,
   * or modulo the window where the layer has one and a prompt is longer.
   */
  record KeyValues(Tensor keys, Tensor values) {}

  private final int[] lengths;
  private final List<KeyValues> layers = new ArrayList<>();
  private final Tensor last;

  ReadPrompts(int[] lengths, List<KeyValues> layers, Tensor last) {
    this.lengths = lengths;
    for (KeyValues layer : layers) {
      this.layers.add(new KeyValues(Tensors.keep(layer.keys()), Tensors.keep(layer.values())));
    }
    this.last = Tensors.keep(last);
  }

  /** The last hidden state of each prompt's last token, [prompts, width]. */
  public Tensor last() {
    return last;
  }

  /** Tokens of a prompt. */
  int length(int prompt) {
    return lengths[prompt];
  }

  List<KeyValues> layers() {
    return layers;
  }

  @Override
  public void close() {
    for (KeyValues layer : layers) {
      layer.keys().close();
      layer.values().close();
    }
    last.close();
  }
}
