package dev.modelflow.engine.kernel;

/**
 * The numbers of one of AdamW's updates (Loshchilov and Hutter, 2019, algorithm 2): {@code m = b1 m
 * + (1 - b1) g}, {@code v = b2 v + (1 - b2) g^2}, {@code w = k w - step m / (f sqrt(v) + epsilon)}.
 *
 * @param scale that gradients are multiplied by first
 * @param meanKept b1
 * @param squareKept b2
 * @param rootFactor f, which corrects the second moment's bias
 * @param epsilon added to the corrected root
 * @param weightKept k, what decay leaves of a weight
 * @param step the rate, the first moment's bias corrected
 */
public record AdamUpdate(
    double scale,
    double meanKept,
    double squareKept,
    double rootFactor,
    double epsilon,
    double weightKept,
    double step) {}
