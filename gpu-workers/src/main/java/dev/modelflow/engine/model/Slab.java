package dev.modelflow.engine.model;

import dev.modelflow.engine.kernel.CachedHeads;
import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The keys, or the values, of one layer: the same number of places for each row of a cache.
 *
 * @param flat [rows * keyValueHeads * places, headSize], in which what a head reads lies together;
 *     of keys {@link #across} places [rows * keyValueHeads * headSize, stride]
 * @param byHead the same as [rows, keyValueHeads, places, headSize]
 */
record Slab(Tensor flat, Tensor byHead) implements AutoCloseable {
  /** Zeros, since what attention passes over must still be numbers. */
  static Slab zeros(ModelConfig config, int rows, int places) {
    long heads = config.keyValueHeads();
    long size = config.headSize();
    try (PointerScope _ = new PointerScope()) {
      long values = rows * heads * places * size;
      Tensor flat = Tensors.zeros(values + CachedHeads.vector()).narrow(0, 0, values);
      return new Slab(
          Tensors.keep(flat.view(-1, size)), Tensors.keep(flat.view(rows, heads, places, size)));
    }
  }

  /** The same, in which one value of a head lies side by side at all places, as kernels ask it. */
  static Slab across(ModelConfig config, int rows, int places) {
    long heads = config.keyValueHeads();
    long size = config.headSize();
    long stride = CachedHeads.stride(places);
    try (PointerScope _ = new PointerScope()) {
      Tensor flat = Tensors.zeros(rows * heads * size, stride);
      Tensor all = flat.view(rows, heads, size, stride);
      return new Slab(Tensors.keep(flat), Tensors.keep(all.narrow(3, 0, places).transpose(2, 3)));
    }
  }

  /** Where it begins in this process's memory. */
  long address() {
    int rows = Math.toIntExact(flat.size(0));
    int columns = Math.toIntExact(flat.size(1));
    return Matrix.of(flat, rows, columns, Precision.FLOAT32).address();
  }

  long places() {
    return byHead.size(2);
  }

  /**
   * Writes one token for each of some rows.
   *
   * @param at where in {@code flat} each of the token's heads goes, row by row
   * @param tokens [rows, keyValueHeads, headSize], or flatter
   */
  void write(Tensor at, Tensor tokens) {
    flat.index_copy_(0, at, tokens.reshape(-1, flat.size(1)));
  }

  /** The first places of the first rows, [rows, keyValueHeads, places, headSize]. */
  Tensor read(int rows, int places) {
    return byHead.narrow(0, 0, rows).narrow(2, 0, places);
  }

  /** Puts the first places of other rows, by head as these are, into rows from {@code first} on. */
  void put(int first, Tensor rows) {
    long common = Math.min(places(), rows.size(2));
    byHead.narrow(0, first, rows.size(0)).narrow(2, 0, common).copy_(rows.narrow(2, 0, common));
  }

  /** Copies the first {@code length} places of a row, as far as there are so many, to another. */
  void copy(int from, int to, int length) {
    long common = Math.min(places(), length);
    byHead.select(0, to).narrow(1, 0, common).copy_(byHead.select(0, from).narrow(1, 0, common));
  }

  @Override
  public void close() {
    byHead.close();
    flat.close();
  }
}
