package dev.modelflow.engine.tensor;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What linear layers multiply in, and attention where a processor has instructions for it. Weights,
 * their gradients and moments, norms and losses are float32 in either.
 */
public enum Precision {
  /** Single precision. */
  FLOAT32(ScalarType.Float, Float.BYTES),

  /** Brain floating point: float32's range with eight bits of mantissa. */
  BF16(ScalarType.BFloat16, Short.BYTES);

  private final ScalarType type;
  private final int bytes;

  Precision(ScalarType type, int bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  /** What recipes call it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Libtorch's type for it. */
  public ScalarType type() {
    return type;
  }

  /** Bytes of one value. */
  public int bytes() {
    return bytes;
  }
}
