package dev.modelflow.microanneal;

/**
 * Student's t distribution. With {@code t = sqrt(f)·cot(u)} the probability that it lies beyond
 * {@code -t} and {@code t} is the integral of {@code sin(u)^(f-1)} from 0 to {@code u} over that
 * from 0 to a right angle, f being the degrees of freedom. It is taken over {@code v}, the fourth
 * root of {@code u}: so it is smooth at 0, whatever f is.
 */
final class StudentT {
  private static final int INTERVALS = 1_000;
  private static final int NEWTON_STEPS = 3;

  private StudentT() {}

  /**
   * The t that the distribution exceeds neither upwards nor downwards, to about seven digits.
   *
   * @param inside with this probability, above 0 and below 1
   * @param freedom at least 1
   */
  static double within(double inside, double freedom) {
    // Of a large f nothing is left beyond some widths of 1/sqrt(f).
    double mostAngle = Math.min(Math.PI / 2, 40 / StrictMath.sqrt(freedom));
    double begin = fourthRoot(Math.PI / 2 - mostAngle);
    double width = (fourthRoot(Math.PI / 2) - begin) / INTERVALS;
    double[] upTo = new double[INTERVALS + 1];
    for (int i = 1; i <= INTERVALS; i++) {
      upTo[i] = upTo[i - 1] + simpson(begin + (i - 1) * width, begin + i * width, freedom);
    }
    double beyond = (1 - inside) * upTo[INTERVALS];
    int above = 1;
    while (upTo[above] < beyond) {
      above++;
    }
    double from = begin + (above - 1) * width;
    double missing = beyond - upTo[above - 1];
    double v = from + width * missing / (upTo[above] - upTo[above - 1]);
    for (int i = 0; i < NEWTON_STEPS; i++) {
      v -= (simpson(from, v, freedom) - missing) / density(v, freedom);
    }
    return StrictMath.sqrt(freedom) / StrictMath.tan(v * v * v * v);
  }

  private static double simpson(double from, double to, double freedom) {
    return (to - from)
        / 6
        * (density(from, freedom) + 4 * density((from + to) / 2, freedom) + density(to, freedom));
  }

  private static double density(double v, double freedom) {
    double cube = v * v * v;
    return 4 * cube * StrictMath.pow(StrictMath.sin(cube * v), freedom - 1);
  }

  private static double fourthRoot(double angle) {
    return StrictMath.sqrt(StrictMath.sqrt(angle));
  }
}
