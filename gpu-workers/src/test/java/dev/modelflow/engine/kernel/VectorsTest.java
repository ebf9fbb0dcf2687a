package dev.modelflow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.incubator.vector.FloatVector;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;

class VectorsTest {
  private static float exp(float power) {
    return Vectors.exp(FloatVector.broadcast(Vectors.FLOATS, power)).lane(0);
  }

  @Property(tries = 2000)
  void powersOfEAreExactToTwoUnits(@ForAll @FloatRange(min = -86.5f, max = 88f) float power) {
    double exact = Math.exp(power);
    assertThat(Math.abs(exp(power) - exact)).isLessThanOrEqualTo(2 * Math.ulp((float) exact));
  }

  @Test
  void powersBeyondTheRangeAreThoseAtItsEnds() {
    assertThat(exp(0)).isEqualTo(1f);
    assertThat(exp(Float.NEGATIVE_INFINITY)).isEqualTo(exp(-86.5f)).isBetween(0f, 1e-37f);
    assertThat(exp(Float.POSITIVE_INFINITY)).isEqualTo(exp(88f)).isBetween(1e38f, 1.7e38f);
    assertThat(exp(Float.NaN)).isNaN();
  }
}
