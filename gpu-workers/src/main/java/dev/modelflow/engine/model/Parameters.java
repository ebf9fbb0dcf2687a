package dev.modelflow.engine.model;

import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.tensor.Pieces;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.engine.tensor.SignOfLife;
import dev.modelflow.engine.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.LongFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A float32 value for each of a model's parameters in one flat buffer: the weights themselves, or
 * gradients or moments beside them. It may hold a range of the parameters only, where other
 * processes hold the rest. Close it to free the buffer.
 */
public final class Parameters implements AutoCloseable {
  private final ParameterLayout layout;
  private final Range range;

  private final Tensor flat;

  /** Zeros everywhere. */
  public Parameters(ParameterLayout layout) {
    this(layout, Range.of(layout.size()));
  }

  /** Zeros for the parameters of this range. */
  public Parameters(ParameterLayout layout, Range range) {
    this(layout, range, Tensors::zeros);
  }

  private Parameters(ParameterLayout layout, Range range, LongFunction<Tensor> zeros) {
    this.layout = layout;
    this.range = range;
    try (PointerScope _ = new PointerScope()) {
      flat = Tensors.keep(zeros.apply(range.size()));
    }
  }

  /** Zeros everywhere, in the processor's memory whatever the device: what is only kept. */
  public static Parameters onHost(ParameterLayout layout) {
    return new Parameters(layout, Range.of(layout.size()), Tensors::hostZeros);
  }

  /** Weights at their start. */
  public static Parameters initialized(
      ParameterLayout layout, Initialization initialization, long seed) {
    Parameters parameters = new Parameters(layout);
    parameters.initialize(initialization, seed, 1, SignOfLife.NONE);
    return parameters;
  }

  /**
   * Sets weights to their start.
   *
   * @param threads that draw a piece's values side by side; how many there are changes no bit
   * @param sign is given after each piece of a weight
   */
  public void initialize(Initialization initialization, long seed, int threads, SignOfLife sign) {
    try (ForkJoinPool pool = new ForkJoinPool(threads)) {
      for (Entry entry : layout.entries()) {
        float[] values = Pieces.room(entry.size());
        for (Range piece : Pieces.of(entry.size())) {
          initialization.fill(entry, seed, piece, values, pool);
          write(entry, piece, values);
          sign.goesOn();
        }
      }
    }
  }

  /** Where each weight lies. */
  public ParameterLayout layout() {
    return layout;
  }

  /** Which parameters it holds. */
  public Range range() {
    return range;
  }

  /** The whole buffer; do not close it. */
  public Tensor flat() {
    return flat;
  }

  /** A view of the values of parameters that it holds, in the caller's scope. */
  public Tensor view(Range part) {
    return flat.narrow(0, part.from() - range.from(), part.size());
  }

  /**
   * A view of {@code rows * columns} values from where {@code first} starts, in the caller's scope.
   */
  public Tensor view(String first, long... shape) {
    long size = 1;
    for (long extent : shape) {
      size *= extent;
    }
    long offset = layout.entry(first).offset();
    return view(new Range(offset, offset + size)).view(shape);
  }

  /** The values of one weight that an array holds, which it holds whole, in row-major order. */
  public float[] read(Entry entry) {
    try (PointerScope _ = new PointerScope()) {
      return Tensors.toFloats(view(whole(entry)));
    }
  }

  /**
   * The bytes of one weight, which it holds whole in the processor's memory, where they lie: those
   * of its values in row-major order, in as many buffers as they need, to be read only. They are
   * there until this is closed.
   */
  public List<ByteBuffer> memory(Entry entry) {
    try (PointerScope _ = new PointerScope()) {
      return Tensors.memory(view(whole(entry)));
    }
  }

  /**
   * Sets the values of a piece of one weight, as far as it holds them, to those that {@code values}
   * begins with, in row-major order.
   */
  public void write(Entry entry, Range piece, float[] values) {
    if (piece.to() > entry.size()) {
      throw new IllegalArgumentException(
          "Weight '" + entry.name() + "' has " + entry.size() + " values, not " + piece.to());
    }
    long start = entry.offset() + piece.from();
    Range held = new Range(start, start + piece.size()).common(range);
    if (held.size() > 0) {
      try (PointerScope _ = new PointerScope()) {
        Tensors.put(values, (int) (held.from() - start), view(held));
      }
    }
  }

  private static Range whole(Entry entry) {
    return new Range(entry.offset(), entry.offset() + entry.size());
  }

  @Override
  public void close() {
    flat.close();
  }
}
