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
   * Shapes whose code is kept: those of a model's layers, and of some numbers of answers' tokens.
   */
  static final int KEPT = 128;

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

  /** A factor of a product: a matrix, or what it is with rows and columns exchanged. */
  public record Factor(Matrix matrix, boolean turned) {
    /** The matrix as it lies. */
    public static Factor of(Matrix matrix) {
      return new Factor(matrix, false);
    }

    /** The matrix with rows and columns exchanged. */
    public static Factor turned(Matrix matrix) {
      return new Factor(matrix, true);
    }

    int rows() {
      return turned ? matrix.columns() : matrix.rows();
    }

    int columns() {
      return turned ? matrix.rows() : matrix.columns();
    }
  }

  /** Sets {@code to} to the product; that of factors in bf16 may be had in either precision. */
  public void set(Factor left, Factor right, Matrix to) {
    multiply(left, right, to, false);
  }

  /** Adds the product to {@code sums} in float32. */
  public void add(Factor left, Factor right, Matrix sums) {
    if (sums.precision() != Precision.FLOAT32) {
      throw new IllegalArgumentException("Sums are made in float32, not in " + sums.precision());
    }
    multiply(left, right, sums, true);
  }

  private void multiply(Factor left, Factor right, Matrix to, boolean adding) {
    ProductShape shape = ProductShape.of(left, right, to, adding);
    compiled
        .computeIfAbsent(shape, this::compile)
        .run(work, left.matrix().address(), right.matrix().address(), to.address());
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
