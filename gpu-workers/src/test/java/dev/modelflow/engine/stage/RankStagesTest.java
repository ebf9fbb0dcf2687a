package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.ranks.RankThreads;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageResult.Stopped;
import dev.modelflow.engine.stage.StageSpec.Resume;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stages on several ranks, which here are threads; EngineTest has them as processes. */
class RankStagesTest {
  /** Twenty rows are two micro-batches on one rank and on two. */
  private static final String PRETRAIN =
      """
      {"mix": {"counting": 0.7, "words": 0.3}, "steps": 40, "rows": 20, "learningRate": 0.01,
       "warmupSteps": 5, "weightDecay": 0.1, "checkpointEvery": 15, "metricsEvery": 1}
      """;

  private static final String SHORT =
      PRETRAIN
          .replace("\"steps\": 40", "\"steps\": 20")
          .replace("\"checkpointEvery\": 15", "\"checkpointEvery\": 10");

  private static final String BF16 = ToyFlow.inBf16(SHORT);

  private static final String UNEVEN = PRETRAIN.replace("\"rows\": 20", "\"rows\": 5");

  private static final Percentage CLOSE = Percentage.withPercentage(1e-3);

  private static final String SFT =
      """
      {"steps": 40, "rows": 20, "learningRate": 0.01, "checkpointEvery": 20, "metricsEvery": 1}
      """;

  private static final String DPO =
      """
      {"pairs": 24, "heldOutPairs": 8, "batchPairs": 16, "beta": 5, "steps": 6, "maxNewTokens": 8,
       "learningRate": 0.001, "checkpointEvery": 6, "metricsEvery": 1}
      """;

  private static final String RLVR =
      """
      {"steps": 3, "promptsPerStep": 8, "groupSize": 8, "maxNewTokens": 8, "learningRate": 0.001,
       "checkpointEvery": 3, "metricsEvery": 1, "reward": "random"}
      """;

  @TempDir private static Path root;
  private static ToyFlow flow;
  private static RecordedEvents one;

  @BeforeAll
  static void pretrainInOneProcess() throws Exception {
    flow = new ToyFlow(root);
    one = run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "one", null));
    flow.inputs.put("checkpoint", one.checkpointAt(40));
    flow.inputs.put("weak", one.checkpointAt(15));
  }

  private static RecordedEvents run(StageSpec spec) throws Exception {
    RecordedEvents events = new RecordedEvents();
    assertThat(Stages.run(spec, events)).isInstanceOf(Done.class);
    return events;
  }

  /** Runs the stage on several ranks of one thread each; what the leading one said. */
  private static RecordedEvents run(int size, IntFunction<StageSpec> specs) throws Exception {
    List<RecordedEvents> events = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      events.add(new RecordedEvents());
    }
    run(size, specs, events);
    assertThat(events.subList(1, size)).allMatch(silent -> silent.checkpoints.isEmpty());
    return events.getFirst();
  }

  private static List<StageResult> run(
      int size, IntFunction<StageSpec> specs, List<RecordedEvents> events) throws Exception {
    return RankThreads.run(
        size,
        ranks ->
            Stages.run(
                specs.apply(ranks.rank()).with(ranks),
                new RankEvents(events.get(ranks.rank()), ranks)));
  }

  private static IntFunction<StageSpec> specs(StageKind kind, String parameters, Resume... resume) {
    String output = "output-" + System.nanoTime();
    return rank ->
        flow.spec(kind, parameters, output + "-" + rank, resume.length == 0 ? null : resume[0], 1);
  }

  private static IntFunction<StageSpec> of(ModelConfig model, IntFunction<StageSpec> specs) {
    return rank -> ToyFlow.with(model, specs.apply(rank));
  }

  private static void assertSameCurve(RecordedEvents actual, RecordedEvents expected) {
    assertSameCurve("loss", actual, expected);
  }

  private static void assertSameCurve(String name, RecordedEvents actual, RecordedEvents expected) {
    assertThat(actual.metrics.keySet()).isEqualTo(expected.metrics.keySet());
    for (int step : expected.metrics.keySet()) {
      assertThat(actual.metric(step, name))
          .as("%s of step %d", name, step)
          .isCloseTo(expected.metric(step, name), CLOSE);
    }
  }

  @Test
  void twoRanksWithAThreadEachMakeTheBytesOfOneProcessWithTwoThreads() throws Exception {
    RecordedEvents two = run(2, specs(StageKind.PRETRAIN, PRETRAIN));

    WrittenFolders.assertEqualBytes(two.checkpointAt(40), one.checkpointAt(40));
    assertSameCurve(two, one);
    assertThat(two.metric(40, "loss")).isLessThan(0.7 * two.metric(1, "loss"));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anyNumberOfRanksHasTheCurveOfOneProcess(int size) throws Exception {
    RecordedEvents single = run(flow.spec(StageKind.PRETRAIN, UNEVEN, "single-" + size, null));
    RecordedEvents more = run(size, specs(StageKind.PRETRAIN, UNEVEN));
    RecordedEvents again = run(size, specs(StageKind.PRETRAIN, UNEVEN));

    assertSameCurve(more, single);
    WrittenFolders.assertEqualBytes(again.checkpointAt(40), more.checkpointAt(40));
  }

  @Test
  void theNumberOfRanksMayChangeAtACheckpoint() throws Exception {
    RecordedEvents two = run(2, specs(StageKind.PRETRAIN, PRETRAIN));

    Resume ofTwo = new Resume(two.checkpointAt(15), 15);
    RecordedEvents back = run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "back", ofTwo));
    WrittenFolders.assertEqualBytes(back.checkpointAt(40), one.checkpointAt(40));

    Resume ofOne = new Resume(one.checkpointAt(15), 15);
    RecordedEvents wider = run(2, specs(StageKind.PRETRAIN, PRETRAIN, ofOne));
    WrittenFolders.assertEqualBytes(wider.checkpointAt(40), one.checkpointAt(40));
  }

  @Test
  void soMayItWhereAttentionIsInBf16() throws Exception {
    StageSpec spec = flow.spec(StageKind.PRETRAIN, BF16, "bf16", null);
    RecordedEvents single = run(ToyFlow.with(ToyFlow.WIDE_HEADS, spec));
    RecordedEvents two = run(2, of(ToyFlow.WIDE_HEADS, specs(StageKind.PRETRAIN, BF16)));
    assertSameCurve(two, single);
    WrittenFolders.assertEqualBytes(two.checkpointAt(20), single.checkpointAt(20));

    Resume ofTwo = new Resume(two.checkpointAt(10), 10);
    spec = flow.spec(StageKind.PRETRAIN, BF16, "bf16-back", ofTwo);
    RecordedEvents back = run(ToyFlow.with(ToyFlow.WIDE_HEADS, spec));
    WrittenFolders.assertEqualBytes(back.checkpointAt(20), single.checkpointAt(20));

    Resume ofOne = new Resume(single.checkpointAt(10), 10);
    RecordedEvents wider = run(2, of(ToyFlow.WIDE_HEADS, specs(StageKind.PRETRAIN, BF16, ofOne)));
    WrittenFolders.assertEqualBytes(wider.checkpointAt(20), single.checkpointAt(20));
  }

  @Test
  void expertsAndTheirLossesAreSharedToo() throws Exception {
    ModelConfig model = ToyFlow.MODEL.withExperts(new Experts(4, 2, 0.01, 0.001));
    StageSpec spec = flow.spec(StageKind.PRETRAIN, SHORT, "experts", null);
    RecordedEvents single = run(ToyFlow.with(model, spec));
    RecordedEvents two = run(2, of(model, specs(StageKind.PRETRAIN, SHORT)));
    for (String name : List.of("loss", "balanceLoss", "routerZLoss", "loadImbalance")) {
      assertSameCurve(name, two, single);
    }
    WrittenFolders.assertEqualBytes(two.checkpointAt(20), single.checkpointAt(20));

    String recomputing = ToyFlow.recomputing(SHORT);
    RecordedEvents recomputed = run(2, of(model, specs(StageKind.PRETRAIN, recomputing)));
    WrittenFolders.assertEqualBytes(recomputed.checkpointAt(20), two.checkpointAt(20));
  }

  @Test
  void aStopOfOneRankStopsAllAfterTheSameStep() throws Exception {
    // Once before the first step, and after each.
    List<RecordedEvents> events =
        List.of(new RecordedEvents(), new RecordedEvents().stoppingWhenAsked(8));
    List<StageResult> results = run(2, specs(StageKind.PRETRAIN, PRETRAIN), events);

    assertThat(results).allMatch(new Stopped(7)::equals);
    Resume resume = new Resume(events.getFirst().checkpointAt(7), 7);
    RecordedEvents rest = run(2, specs(StageKind.PRETRAIN, PRETRAIN, resume));
    WrittenFolders.assertEqualBytes(rest.checkpointAt(40), one.checkpointAt(40));
  }

  private static RecordedEvents assertSameAsOneProcess(StageKind kind, String parameters, int last)
      throws Exception {
    RecordedEvents single = run(flow.spec(kind, parameters, kind + "-single", null));
    RecordedEvents two = run(2, specs(kind, parameters));

    assertSameCurve(two, single);
    WrittenFolders.assertEqualBytes(two.checkpointAt(last), single.checkpointAt(last));
    return two;
  }

  @Test
  void fineTuningIsSharedToo() throws Exception {
    assertSameAsOneProcess(StageKind.SFT, SFT, 40);
  }

  @Test
  void allRanksSkipTheSameSteps() throws Exception {
    String guarded =
        """
        {"steps": 40, "rows": 20, "learningRate": 0.1, "checkpointEvery": 20, "metricsEvery": 1,
         "skipStep": {"window": 8, "deviations": 0.5}}
        """;
    RecordedEvents two = assertSameAsOneProcess(StageKind.SFT, guarded, 40);
    assertThat(two.lines).anyMatch(line -> line.contains("is skipped"));
  }

  @Test
  void preferenceTrainingIsSharedAndItsPairsToo() throws Exception {
    RecordedEvents two = assertSameAsOneProcess(StageKind.DPO, DPO, 6);
    assertThat(two.metric(1, "loss")).isCloseTo(Math.log(2), within(1e-4));
    assertThat(two.scores).containsKey("preferences margin");
  }

  @Test
  void reinforcementIsSharedAndItsAnswersToo() throws Exception {
    RecordedEvents two = assertSameAsOneProcess(StageKind.RLVR, RLVR, 3);
    assertThat(two.metric(1, "importanceWeight")).isCloseTo(1, within(1e-3));
    assertThat(two.metric(1, "groups")).isPositive();
  }

  @Test
  void soIsReinforcementInBf16() throws Exception {
    assertSameAsOneProcess(StageKind.RLVR, ToyFlow.inBf16(RLVR), 3);
  }
}
