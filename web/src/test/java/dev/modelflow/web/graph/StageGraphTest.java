package dev.modelflow.web.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageStatus;
import dev.modelflow.read.StageView;
import dev.modelflow.web.SampleStages;
import dev.modelflow.web.graph.StageGraph.Direction;
import dev.modelflow.web.graph.StageGraph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StageGraphTest {
  @Test
  void anEvaluationStandsBelowItsStageAndImpliedLinesAreLeftOut() {
    StageGraph graph =
        StageGraph.of(
            List.of(
                stage("curate", "curate"),
                stage("pretrain", "pretrain", "curate"),
                stage("evaluate-pretrain", "evaluate", "pretrain", "curate"),
                stage("midtrain", "midtrain", "pretrain", "curate"),
                stage("release", "release", "midtrain", "evaluate-pretrain")),
            Direction.ACROSS);
    Node pretrain = node(graph, "pretrain");
    Node evaluation = node(graph, "evaluate-pretrain");
    assertThat(evaluation.x()).isEqualTo(pretrain.x());
    assertThat(evaluation.y()).isGreaterThan(pretrain.y() + pretrain.height());
    assertThat(graph.edges()).hasSize(4);
  }

  @Test
  void aRankingStandsAfterTheAnnealsWhoseEvaluationsItReads() {
    StageGraph graph =
        StageGraph.of(
            List.of(
                stage("pretrain", "pretrain"),
                stage("try-web-1", "midtrain", "pretrain"),
                stage("try-maths-1", "midtrain", "pretrain"),
                stage("evaluate-try-web-1", "evaluate", "try-web-1"),
                stage("evaluate-try-maths-1", "evaluate", "try-maths-1"),
                stage("try", "microanneal", "evaluate-try-web-1", "evaluate-try-maths-1")),
            Direction.ACROSS);
    assertThat(node(graph, "try").x()).isGreaterThan(node(graph, "try-maths-1").x());
    assertThat(graph.edges()).as("to each anneal, its evaluation, and from it").hasSize(6);
  }

  private static Node node(StageGraph graph, String name) {
    return graph.nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Provide
  Arbitrary<List<StageView>> flows() {
    return Arbitraries.integers().between(0, 255).list().ofMaxSize(12).map(StageGraphTest::flow);
  }

  /** Each number's bits say which of the eight stages before are read from. */
  private static List<StageView> flow(List<Integer> masks) {
    List<StageView> stages = new ArrayList<>();
    for (int i = 0; i < masks.size(); i++) {
      int at = i;
      String[] after =
          IntStream.rangeClosed(1, 8)
              .filter(back -> at - back >= 0 && (masks.get(at) >> (back - 1) & 1) == 1)
              .mapToObj(back -> "s" + (at - back))
              .toArray(String[]::new);
      stages.add(stage("s" + i, "midtrain", after));
    }
    return stages;
  }

  @Property(tries = 200)
  void boxesNeverOverlapAndLieInside(
      @ForAll("flows") List<StageView> flow, @ForAll Direction direction) {
    StageGraph graph = StageGraph.of(flow, direction);
    assertThat(graph.nodes()).hasSameSizeAs(flow);
    for (Node one : graph.nodes()) {
      assertThat(one.x() + one.width()).isLessThanOrEqualTo(graph.width());
      assertThat(one.y() + one.height()).isLessThanOrEqualTo(graph.height());
      for (Node other : graph.nodes()) {
        assertThat(one.name().equals(other.name()) || apart(one, other)).isTrue();
      }
    }
  }

  private static boolean apart(Node one, Node other) {
    return one.x() + one.width() < other.x()
        || other.x() + other.width() < one.x()
        || one.y() + one.height() < other.y()
        || other.y() + other.height() < one.y();
  }

  @Property(tries = 200)
  void aStageStandsBehindAllThatItReadsFrom(@ForAll("flows") List<StageView> flow) {
    StageGraph graph = StageGraph.of(flow, Direction.ACROSS);
    for (StageView stage : flow) {
      for (String parent : stage.after()) {
        assertThat(node(graph, parent).x()).isLessThan(node(graph, stage.name()).x());
      }
    }
  }

  private static StageView stage(String name, String kind, String... after) {
    return SampleStages.stage(name, kind, StageStatus.WAITING, after);
  }
}
