package dev.modelflow.engine.model;

import dev.modelflow.engine.model.ReadPrompts.KeyValues;
import dev.modelflow.engine.model.RotaryTable.Turn;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention within prompts that notes the keys and values which later tokens may see.
 *
 * @param reading the attention itself
 * @param rows of prompts
 * @param kept which tokens to note, equally many of each row; null: all
 * @param seen grows by one for each layer
 */
record PromptAttention(Attention reading, int rows, @Nullable Tensor kept, List<KeyValues> seen)
    implements Attention {
  @Override
  public Turn turn() {
    return reading.turn();
  }

  @Override
  public Tensor mixed(int layer, Tensor query, Tensor keys, Tensor values) {
    long width = values.size(1);
    seen.add(new KeyValues(noted(keys, width), noted(values, width)));
    return reading.mixed(layer, query, keys, values);
  }

  private Tensor noted(Tensor x, long width) {
    Tensor all = x.reshape(-1, width);
    Tensor some = kept == null ? all.contiguous() : all.index_select(0, kept);
    return some.view(rows, -1, width);
  }
}
