/**
 * Loops over native memory in the processor's vector instructions, for what libtorch has only as
 * several passes, or does not skip, or spends more time on calling than on doing. Values are
 * float32 while they are computed with, whatever they are stored as, and sums are made in a fixed
 * order, so that equal work gives equal bits. Large products, and those of bf16, are left to oneDNN
 * ({@link dev.modelflow.engine.kernel.MatrixMultiplier}).
 */
@NullMarked
package dev.modelflow.engine.kernel;

import org.jspecify.annotations.NullMarked;
