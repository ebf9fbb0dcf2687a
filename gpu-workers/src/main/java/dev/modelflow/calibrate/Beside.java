package dev.modelflow.calibrate;

/**
 * What was measured besides, in the way that was chosen. Nothing follows from it by itself: the
 * number of lanes is the worker's and precision the recipe's or the processor's, since results
 * depend on both.
 *
 * @param smallInOneLane tokens a second of the small model when one lane has all the threads
 * @param wideInOneLane the same of the wide one
 * @param bfloat16Gemm billions of floating-point operations a second in bfloat16 products, on every
 *     thread at once
 */
public record Beside(double smallInOneLane, double wideInOneLane, double bfloat16Gemm) {}
