package dev.modelflow.microanneal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.domain.Ranking;
import dev.modelflow.domain.Ranking.Change;
import dev.modelflow.domain.Verdict;
import dev.modelflow.microanneal.Measurement.Measure;
import dev.modelflow.microanneal.Measurement.Samples;
import dev.modelflow.microanneal.Measurement.Score;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RankerTest {
  private static final Measure SUMS = new Measure("sums", "accuracy");
  private static final Measure TEXT = new Measure("text", "bitsPerByte");

  @Test
  void seedsArePooledOverAllAnneals() {
    Ranking ranking =
        rank("sums", anneals(SUMS, 0.2, 0.4), Map.of("maths", anneals(SUMS, 0.6, 0.8)));
    Change change = ranking.candidates().getFirst().overall();
    assertThat(change.web()).isCloseTo(0.3, within(1e-12));
    assertThat(change.change()).isCloseTo(0.4, within(1e-12));
    // Squares around the two means are 0.02 each, with 2 degrees of freedom; t is 4.302653.
    assertThat(change.standardError()).isCloseTo(Math.sqrt(0.02), within(1e-12));
    assertThat(change.noise()).isCloseTo(4.302653 * Math.sqrt(0.02), within(1e-5));
    assertThat(change.verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void eachQuestionIsComparedWithItself() {
    Ranking ranking =
        rank("sums", List.of(answered(0, 0, 1, 1)), Map.of("maths", List.of(answered(1, 0, 1, 1))));
    Change change = ranking.candidates().getFirst().overall();
    // Differences 1, 0, 0, 0: around their mean 0.75, -0.25 three times; t of 3 is 3.182446.
    assertThat(change.standardError()).isCloseTo(0.25, within(1e-12));
    assertThat(change.noise()).isCloseTo(3.182446 * 0.25, within(1e-5));
  }

  @Test
  void evaluationsWithoutSamplesCountAsIndependent() {
    Score before = new Score(0.2, 0.03, 1001, true);
    Score after = new Score(0.4, 0.04, 1001, true);
    Ranking ranking =
        rank(
            "sums",
            List.of(new Measurement("web", Map.of(SUMS, before), Map.of())),
            Map.of("maths", List.of(new Measurement("maths", Map.of(SUMS, after), Map.of()))));
    Change change = ranking.candidates().getFirst().overall();
    assertThat(change.standardError()).isCloseTo(0.05, within(1e-12));
    assertThat(change.verdict()).isEqualTo(Verdict.BETTER);
  }

  @Test
  void aTextInWhichEveryDocumentGainsIsDecidedHoweverMuchDocumentsDiffer() {
    double[] bytes = {100, 2000, 50, 900};
    double[] bits = {300, 1500, 200, 2500};
    double[] fewer = {290, 1310, 195, 2410};
    Ranking ranking =
        rank(
            "text",
            List.of(text(bits, bytes)),
            Map.of("good", List.of(text(fewer, bytes)), "worse", List.of(text(bits, bytes))));
    assertThat(ranking.candidates())
        .extracting(Ranking.Candidate::candidate)
        .containsExactly("good", "worse");
    Change change = ranking.candidates().getFirst().overall();
    assertThat(change.change()).isNegative();
    assertThat(change.gain()).isPositive();
    assertThat(change.verdict()).isEqualTo(Verdict.BETTER);
    assertThat(ranking.candidates().getLast().overall().verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void nothingIsDecidedWhereNothingIsKnownOfTheNoise() {
    Change change =
        rank("sums", anneals(SUMS, 0.1), Map.of("maths", anneals(SUMS, 0.9)))
            .candidates()
            .getFirst()
            .overall();
    assertThat(change.noise()).isNull();
    assertThat(change.verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void theMeanOfSeveralTasksRanksAndEachIsShown() {
    Measure problems = new Measure("problems", "accuracy");
    List<Measurement> web = List.of(both(problems, 0.1, 0.5), both(problems, 0.1, 0.5));
    List<Measurement> one = List.of(both(problems, 0.3, 0.4), both(problems, 0.3, 0.4));
    Ranking.Candidate candidate =
        new Ranker(web, Map.of("one", one))
            .rank(List.of("sums", "problems"))
            .candidates()
            .getFirst();
    assertThat(candidate.overall().task()).isEqualTo("sums+problems");
    assertThat(candidate.overall().change()).isCloseTo(0.05, within(1e-12));
    assertThat(candidate.tasks()).extracting(Change::task).containsExactly("problems", "sums");
    assertThat(candidate.tasks())
        .extracting(Change::verdict)
        .containsExactly(Verdict.WORSE, Verdict.BETTER);
  }

  @Test
  void aTaskThatIsNotMeasuredIsNamedWithThoseThatAre() {
    assertThatThrownBy(() -> rank("maths", anneals(SUMS, 0.1), Map.of("a", anneals(SUMS, 0.1))))
        .hasMessage("The evaluations measure no task 'maths': rank by one of sums");
  }

  /** Where no candidate changes anything, at most one report in twenty decides something. */
  @Test
  void theNoiseIsHonest() {
    Random random = new Random(20);
    int reports = 1000;
    List<Anneals> nothingChanged = Stream.generate(() -> drawn(random)).limit(reports).toList();
    long wrong = nothingChanged.parallelStream().filter(RankerTest::decidesSomething).count();
    assertThat(wrong).isLessThanOrEqualTo(reports / 20);
  }

  private record Anneals(List<Measurement> web, Map<String, List<Measurement>> candidates) {}

  private static boolean decidesSomething(Anneals anneals) {
    return rank("sums", anneals.web(), anneals.candidates()).candidates().stream()
        .anyMatch(it -> it.overall().verdict() != Verdict.UNDECIDED);
  }

  private static Anneals drawn(Random random) {
    double[] hardness = random.doubles(60, 0.2, 0.8).toArray();
    Map<String, List<Measurement>> candidates = new LinkedHashMap<>();
    for (int c = 0; c < 4; c++) {
      candidates.put("c" + c, List.of(drawn(hardness, random), drawn(hardness, random)));
    }
    return new Anneals(List.of(drawn(hardness, random), drawn(hardness, random)), candidates);
  }

  /** Answers of a model whose training had some luck. */
  private static Measurement drawn(double[] hardness, Random random) {
    double luck = 0.05 * random.nextGaussian();
    return answered(
        Arrays.stream(hardness).map(p -> random.nextDouble() < p + luck ? 1 : 0).toArray());
  }

  private static Ranking rank(
      String task, List<Measurement> web, Map<String, List<Measurement>> candidates) {
    return new Ranker(web, candidates).rank(List.of(task));
  }

  private static List<Measurement> anneals(Measure measure, double... values) {
    return DoubleStream.of(values)
        .mapToObj(
            value ->
                new Measurement(
                    measure.task(), Map.of(measure, new Score(value, 0, 1, true)), Map.of()))
        .toList();
  }

  private static Measurement both(Measure other, double sums, double value) {
    return new Measurement(
        "both",
        Map.of(SUMS, new Score(sums, 0, 1, true), other, new Score(value, 0, 1, true)),
        Map.of());
  }

  private static Measurement answered(double... outcomes) {
    double mean = Arrays.stream(outcomes).average().orElseThrow();
    return new Measurement(
        "answered",
        Map.of(SUMS, new Score(mean, 0.5, outcomes.length, true)),
        Map.of(SUMS, new Samples(list(outcomes), Collections.nCopies(outcomes.length, 1.0))));
  }

  private static Measurement text(double[] bits, double[] bytes) {
    double value = Arrays.stream(bits).sum() / Arrays.stream(bytes).sum();
    return new Measurement(
        "text",
        Map.of(TEXT, new Score(value, 0.5, bits.length, false)),
        Map.of(TEXT, new Samples(list(bits), list(bytes))));
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
