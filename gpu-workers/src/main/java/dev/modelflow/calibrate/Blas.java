package dev.modelflow.calibrate;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.modelflow.engine.tensor.LibTorch;

/** The library that multiplies matrices in float32. */
public enum Blas {
  /** Comes with every build. */
  OPENBLAS("openblas", "OpenBLAS"),
  /**
   * Comes with every build; for training models without experts, whose other products are
   * OpenBLAS's.
   */
  ONEDNN(LibTorch.ONEDNN, "oneDNN beside OpenBLAS"),
  /** Only in builds with the profile {@code mkl}. */
  MKL(LibTorch.MKL, "MKL");

  private final String word;
  private final String title;

  Blas(String word, String title) {
    this.word = word;
    this.title = title;
  }

  /** Its name in files and in the environment. */
  @JsonValue
  public String word() {
    return word;
  }

  /** Its name for people. */
  String title() {
    return title;
  }
}
