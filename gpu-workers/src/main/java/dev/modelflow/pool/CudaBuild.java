package dev.modelflow.pool;

import org.bytedeco.pytorch.global.torch;

/** Whether this is a build with {@code -Pcuda}, as the class path shows it without loading any. */
public final class CudaBuild {
  private static final String LIBRARY = "/org/bytedeco/pytorch/linux-x86_64-gpu/libtorch_cuda.so";

  private CudaBuild() {}

  /** Whether libtorch with CUDA is on the class path. */
  public static boolean isThis() {
    return torch.class.getResource(LIBRARY) != null;
  }
}
