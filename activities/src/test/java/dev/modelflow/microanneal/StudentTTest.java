package dev.modelflow.microanneal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StudentTTest {
  /** Of tables; with one degree of freedom it is the tangent of so much of a right angle. */
  @ParameterizedTest
  @CsvSource({
    "0.95, 1, 12.706",
    "0.95, 2, 4.303",
    "0.95, 3, 3.182",
    "0.95, 10, 2.228",
    "0.95, 30, 2.042",
    "0.95, 100, 1.984",
    "0.99, 1, 63.657",
    "0.99, 4, 4.604",
    "0.99, 60, 2.660",
    "0.998, 1, 318.309",
    "0.998, 20, 3.552",
    "0.95, 1e9, 1.960",
    "0.99, 1e9, 2.576"
  })
  void isThatOfTheTables(double inside, double freedom, double t) {
    assertThat(StudentT.within(inside, freedom)).isCloseTo(t, within(6e-4 + t * 1e-5));
  }

  /** In closed form: a tangent with one degree of freedom, a root with two. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 0.5, 0.9, 0.95, 0.998, 0.99998})
  void isExactWhereThereIsAFormula(double inside) {
    assertThat(StudentT.within(inside, 1))
        .isCloseTo(Math.tan(inside * Math.PI / 2), withinPercentage(1e-5));
    assertThat(StudentT.within(inside, 2))
        .isCloseTo(inside * Math.sqrt(2 / (1 - inside * inside)), withinPercentage(1e-5));
  }

  @ParameterizedTest
  @CsvSource({"1.5", "2.5", "7.25"})
  void liesBetweenItsNeighboursForFreedomThatIsNoWholeNumber(double freedom) {
    assertThat(StudentT.within(0.95, freedom))
        .isLessThan(StudentT.within(0.95, Math.floor(freedom)))
        .isGreaterThan(StudentT.within(0.95, Math.ceil(freedom)));
  }
}
