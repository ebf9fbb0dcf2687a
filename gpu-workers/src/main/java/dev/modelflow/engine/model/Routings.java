package dev.modelflow.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What the routers of one forward pass said, block by block. Its tensors are part of the pass's
 * graph and belong to the scope in which it was made.
 */
public final class Routings {
  /**
   * What one block's router said.
   *
   * @param logits [tokens, experts]
   * @param shares their softmax
   * @param chosen int64 [tokens, perToken]: each token's experts, that of the largest share first
   */
  public record Routing(Tensor logits, Tensor shares, Tensor chosen) {}

  private final List<Routing> blocks = new ArrayList<>();

  /** One for each block that the pass went through so far; none where blocks have no experts. */
  public List<Routing> blocks() {
    return List.copyOf(blocks);
  }

  void add(Routing routing) {
    blocks.add(routing);
  }
}
