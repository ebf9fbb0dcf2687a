package dev.modelflow.weights;

import dev.modelflow.weights.Safetensors.Shape;
import java.util.ArrayList;
import java.util.List;

/** How tensors are spread over several safetensors files. */
public final class Shards {
  private Shards() {}

  /**
   * What each file holds: tensors in the order that they are given in, in every file as many as fit
   * and at least one.
   *
   * @param mostBytes of a file with more than one tensor, its header included
   */
  public static List<List<Shape>> of(List<Shape> tensors, ElementType type, long mostBytes) {
    List<List<Shape>> shards = new ArrayList<>();
    List<Shape> shard = new ArrayList<>();
    Header header = new Header(type);
    for (Shape tensor : tensors) {
      if (!shard.isEmpty() && header.fileBytesWith(tensor) > mostBytes) {
        shards.add(List.copyOf(shard));
        shard.clear();
        header = new Header(type);
      }
      shard.add(tensor);
      header.add(tensor);
    }
    shards.add(List.copyOf(shard));
    return List.copyOf(shards);
  }
}
