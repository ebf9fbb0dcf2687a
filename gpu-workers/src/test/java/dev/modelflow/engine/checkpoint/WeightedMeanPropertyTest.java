package dev.modelflow.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;

class WeightedMeanPropertyTest {
  /** Values of all sizes, and some that nearly cancel. */
  private static List<double[]> terms(Random random, int count) {
    List<double[]> terms = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float value =
          random.nextInt(4) == 0
              ? Float.intBitsToFloat(random.nextInt() & ~(1 << 30))
              : (float) random.nextGaussian();
      terms.add(new double[] {random.nextInt(3) == 0 ? 1 : 0.01 + random.nextDouble(), value});
      if (random.nextInt(3) == 0) {
        terms.add(new double[] {terms.getLast()[0], -value});
      }
    }
    return terms;
  }

  private static float mean(List<double[]> terms) {
    float[][] values = new float[terms.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new float[] {(float) terms.get(i)[1]};
    }
    float[] to = new float[1];
    new WeightedMean(terms.stream().mapToDouble(term -> term[0]).toArray()).of(values, 1, to, 0);
    return to[0];
  }

  @Property(tries = 1000)
  void theOrderChangesNoBit(@ForAll Random random) {
    List<double[]> terms = terms(random, 2 + random.nextInt(8));
    int bits = Float.floatToRawIntBits(mean(terms));
    for (int i = 0; i < 5; i++) {
      Collections.shuffle(terms, random);
      assertThat(Float.floatToRawIntBits(mean(terms))).isEqualTo(bits);
    }
  }

  /** Against decimal arithmetic of 60 digits: half a unit of float32, and what float64 loses. */
  @Property(tries = 1000)
  void isTheExactMeanRoundedOnce(@ForAll Random random) {
    List<double[]> terms = terms(random, 1 + random.nextInt(8));
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal weights = BigDecimal.ZERO;
    double largest = 0;
    for (double[] term : terms) {
      sum = sum.add(new BigDecimal(term[0]).multiply(new BigDecimal(term[1])));
      weights = weights.add(new BigDecimal(term[0]));
      largest = Math.max(largest, Math.abs(term[1]));
    }
    float mean = mean(terms);
    double exact = sum.divide(weights, new MathContext(60)).doubleValue();
    assertThat(Math.abs(mean - exact))
        .isLessThanOrEqualTo(0.5 * Math.ulp(mean) + 64 * largest * 0x1p-52);
  }

  @Property
  void theMeanOfOneCheckpointManyTimesIsThatCheckpoint(
      @ForAll @FloatRange(min = -1e30f, max = 1e30f) float value,
      @ForAll @Size(min = 1, max = 9) List<@FloatRange(min = 0.01f, max = 100) Float> weights) {
    List<double[]> terms = weights.stream().map(weight -> new double[] {weight, value}).toList();
    assertThat(mean(terms)).isEqualTo(value);
  }

  @Property
  void liesBetweenTheSmallestAndTheLargest(@ForAll Random random) {
    List<double[]> terms = terms(random, 1 + random.nextInt(8));
    assertThat((double) mean(terms))
        .isBetween(
            terms.stream().mapToDouble(term -> term[1]).min().orElseThrow(),
            terms.stream().mapToDouble(term -> term[1]).max().orElseThrow());
  }
}
