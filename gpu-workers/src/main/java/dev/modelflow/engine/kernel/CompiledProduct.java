package dev.modelflow.engine.kernel;

import dev.modelflow.engine.tensor.Precision;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/** OneDNN's code for products of one shape, and the three places that it is told each time. */
record CompiledProduct(
    matmul product, memory left, memory right, memory to, IntMemoryMap arguments, Place place)
    implements AutoCloseable {
  private static final @Nullable Pointer NOWHERE = null;

  /** A pointer to wherever it is sent, which owns nothing. */
  private static final class Place extends Pointer {
    Place at(long where) {
      address = where;
      return this;
    }
  }

  static CompiledProduct of(ProductShape shape, engine processor) {
    try (PointerScope _ = new PointerScope()) {
      memory.desc left = described(shape.left());
      memory.desc right = described(shape.right());
      memory.desc to = described(shape.to());
      matmul product =
          new matmul(
              new matmul.primitive_desc(processor, left, right, to, adding(shape.adding()), false));
      return of(
          product,
          new memory(left, processor, NOWHERE),
          new memory(right, processor, NOWHERE),
          new memory(to, processor, NOWHERE));
    }
  }

  private static CompiledProduct of(matmul product, memory left, memory right, memory to) {
    IntMemoryMap arguments = new IntMemoryMap();
    arguments.put(dnnl.DNNL_ARG_SRC, left);
    arguments.put(dnnl.DNNL_ARG_WEIGHTS, right);
    arguments.put(dnnl.DNNL_ARG_DST, to);
    for (Pointer each : List.of(product, left, right, to, arguments)) {
      each.retainReference();
    }
    return new CompiledProduct(product, left, right, to, arguments, new Place());
  }

  private static primitive_attr adding(boolean adding) {
    primitive_attr attributes = new primitive_attr();
    if (adding) {
      post_ops after = new post_ops();
      after.append_sum(1, 0, memory.data_type.undef);
      attributes.set_post_ops(after);
    }
    return attributes;
  }

  private static memory.desc described(Layout layout) {
    long stride = layout.stride();
    return new memory.desc(
        new long[] {layout.rows(), layout.columns()},
        type(layout.precision()),
        layout.byColumns() ? new long[] {1, stride} : new long[] {stride, 1});
  }

  private static memory.data_type type(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> memory.data_type.f32;
      case BF16 -> memory.data_type.bf16;
    };
  }

  /** Multiplies what lies at these addresses, and waits. */
  void run(stream work, long leftAt, long rightAt, long toAt) {
    left.set_data_handle(place.at(leftAt));
    right.set_data_handle(place.at(rightAt));
    to.set_data_handle(place.at(toAt));
    product.execute(work, arguments);
  }

  @Override
  public void close() {
    for (Pointer each : List.of(arguments, to, right, left, product)) {
      each.close();
    }
  }
}
