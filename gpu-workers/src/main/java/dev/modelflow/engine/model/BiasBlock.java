package dev.modelflow.engine.model;

import org.bytedeco.pytorch.Tensor;

/**
 * Neighbouring queries of each row, and what they may see of the keys up to the last of them.
 *
 * @param from place in a row of the first query
 * @param to the place behind the last
 * @param first place of the first key that is read, before which no query sees any
 * @param bias [rows, 1, to - from, to - first] of 0 and minus infinity; one row stands for all
 */
record BiasBlock(int from, int to, int first, Tensor bias) {}
