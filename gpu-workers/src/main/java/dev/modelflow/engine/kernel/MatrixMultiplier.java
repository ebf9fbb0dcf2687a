package dev.modelflow.engine.kernel;

import dev.modelflow.engine.tensor.Precision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;

/**
 * Products of matrices by oneDNN itself, which, unlike libtorch, also adds those of bf16 to sums in
 * float32 and knows beforehand what it will be asked for: the code of each shape is made once. One
 * thread at a time; close it to free what it made.
 */
public final class MatrixMultiplier implements AutoCloseable {
  /**
   * Shapes whose code is kept: those of a model's layers and attention, and of some numbers of
   * answers' tokens.
   */
  static final int KEPT = 256;

  /**
   * So many values of a row of a left factor that is not turned are read at once, on some
   * processors also beyond its last column where the row of its matrix goes on. What lies there is
   * multiplied by 0, and must be a number.
   */
  static final int STEPS = 32;

  private final engine processor;
  private final stream work;
  private final Map<ProductShape, CompiledProduct> compiled = new Latest();

  /** A multiplier that has made nothing yet. */
  public MatrixMultiplier() {
    try (PointerScope _ = new PointerScope()) {
      processor = new engine(engine.kind.cpu, 0).retainReference();
      work = new stream(processor).retainReference();
    }
  }

  /** Whether this processor multiplies bf16 itself: elsewhere oneDNN is slow at it, or refuses. */
  public static boolean knowsBf16() {
    int known = dnnl.dnnl_get_effective_cpu_isa();
    return (known & dnnl.dnnl_cpu_isa_avx512_core_bf16) == dnnl.dnnl_cpu_isa_avx512_core_bf16;
  }

  /** Closes the one that was not asked for the longest when there are too many. */
  private static final class Latest extends LinkedHashMap<ProductShape, CompiledProduct> {
    private static final long serialVersionUID = 1;

    Latest() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Entry<ProductShape, CompiledProduct> eldest) {
      boolean tooMany = size() > KEPT;
      if (tooMany) {
        eldest.getValue().close();
      }
      return tooMany;
    }
  }

  /** Sets {@code to} to the product; that of factors in bf16 may be had in either precision. */
  public void set(Part left, Part right, Part to) {
    multiply(left, right, to, false);
  }

  /** Adds the product to {@code sums} in float32. */
  public void add(Part left, Part right, Part sums) {
    if (sums.layout().precision() != Precision.FLOAT32) {
      throw new IllegalArgumentException(
          "Sums are made in float32, not in " + sums.layout().precision());
    }
    multiply(left, right, sums, true);
  }

  private void multiply(Part left, Part right, Part to, boolean adding) {
    compiled
        .computeIfAbsent(
            new ProductShape(left.layout(), right.layout(), to.layout(), adding), this::compile)
        .run(work, left.address(), right.address(), to.address());
  }

  private CompiledProduct compile(ProductShape shape) {
    // Libtorch then sees to it that this thread may use as many threads as it itself would, which
    // is what oneDNN goes by.
    int _ = torch.get_num_threads();
    return CompiledProduct.of(shape, processor);
  }

  /** How many shapes' code is kept now. */
  int kept() {
    return compiled.size();
  }

  @Override
  public void close() {
    compiled.values().forEach(CompiledProduct::close);
    compiled.clear();
    work.close();
    processor.close();
  }
}
