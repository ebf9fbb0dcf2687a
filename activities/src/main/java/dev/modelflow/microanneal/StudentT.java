package dev.modelflow.microanneal;

/**
 * Student's t distribution. With {@code t = sqrt(f)·tan(a)} the probability that it lies between
 * {@code -t} and {@code t} is the integral of {@code cos(a)^(f-1)} from 0 to {@code a} over that
 * from 0 to a right angle, f being the degrees of freedom.
 */
final class StudentT {
  private static final int INTERVALS = 20_000;

  private StudentT() {}

  /**
   * The t that the distribution exceeds neither upwards nor downwards.
   *
   * @param inside with this probability, above 0 and below 1
   * @param freedom at least 1
   */
  static double within(double inside, double freedom) {
    // Of a large f nothing is left beyond some widths of 1/sqrt(f).
    double end = Math.min(Math.PI / 2, 40 / StrictMath.sqrt(freedom));
    double width = end / INTERVALS;
    double[] upTo = new double[INTERVALS + 1];
    for (int i = 1; i <= INTERVALS; i++) {
      upTo[i] = upTo[i - 1] + simpson((i - 1) * width, i * width, freedom);
    }
    double wanted = inside * upTo[INTERVALS];
    int above = 1;
    while (upTo[above] < wanted) {
      above++;
    }
    double part = (wanted - upTo[above - 1]) / (upTo[above] - upTo[above - 1]);
    return StrictMath.sqrt(freedom) * StrictMath.tan((above - 1 + part) * width);
  }

  private static double simpson(double from, double to, double freedom) {
    return (to - from)
        / 6
        * (density(from, freedom) + 4 * density((from + to) / 2, freedom) + density(to, freedom));
  }

  private static double density(double angle, double freedom) {
    return StrictMath.pow(Math.max(0, StrictMath.cos(angle)), freedom - 1);
  }
}
