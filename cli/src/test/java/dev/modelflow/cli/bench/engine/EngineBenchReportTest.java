package dev.modelflow.cli.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EngineBenchReportTest {
  private final EngineBenchReport report =
      Samples.report(
          Samples.measured("small", 10_240, 20_480, 10_240),
          Samples.measured("tiny", 10_240, 20_480, 0));

  @Test
  void theTablesShowEveryColumnAndEveryBar() {
    List<String> lines = EngineTables.lines(report);

    assertThat(lines.getFirst())
        .isEqualTo("cpu, 2 threads, 3 rounds of 2 s each, by turns. PyTorch 2.10.0 of /python.");
    assertThat(lines)
        .contains(
            "Matrix products in float32 reach 100 GFLOP/s (1024 x 1024).",
            "Matrix products in bf16 reach 400 GFLOP/s (1024 x 1024).")
        .anyMatch(
            line ->
                line.matches(
                    "small +1\\.85M +4 +128 +4096 +8 +256 +float32 +10240 +102 % +1\\.00 +640"))
        .anyMatch(line -> line.matches("tiny +1\\.85M .* bf16 +20480 +51 % +640"))
        .anyMatch(
            line ->
                line.matches(
                    "small +float32 +200\\.0 +40\\.0 +155\\.5 +4\\.00 +0\\.50 +0\\.60 +0\\.30 %"))
        .anyMatch(
            line ->
                line.matches(
                    "small +float32 +1\\.00 +3\\.00 +0\\.50 % +100\\.0 +0\\.25 % +10 steps"))
        .anyMatch(line -> line.matches("until it says started +1\\.50 +2\\.00"))
        .anyMatch(line -> line.matches("until its first step is made +3\\.00 +4\\.00"))
        .anyMatch(line -> line.matches("bf16 +1000 +210\\.0 +2000 +215\\.5 +5\\.5"))
        .anyMatch(line -> line.matches("small +bf16 +64 +3300 +11\\.0"))
        .anyMatch(line -> line.matches("small +5120 +failed +10240 +failed"))
        .contains("small, compile bf16: torch.compile needs a C++ compiler")
        .anyMatch(line -> line.matches("training, large +>= 1\\.15 times .* not measured"));
  }

  @Test
  void jsonHasWhatTheTablesSay() {
    JsonMapper json = JsonMapper.shared();
    JsonNode tree = json.readTree(json.writeValueAsString(report));

    JsonNode row = tree.path("engine").get(0);
    assertThat(row.path("size").path("name").asString()).isEqualTo("small");
    assertThat(row.path("stepMilliseconds").asDouble()).isCloseTo(200, within(1e-9));
    assertThat(row.path("backwardMilliseconds").asDouble()).isCloseTo(155.5, within(1e-9));
    assertThat(row.path("dataShare").asDouble()).isCloseTo(0.003, within(1e-9));
    assertThat(row.path("checkpointWaitShare").asDouble()).isCloseTo(0.005, within(1e-9));
    assertThat(tree.path("starts").get(0).path("firstStepSeconds").asDouble()).isEqualTo(3);
    assertThat(tree.path("memory").get(1).path("growthMegabytes").asDouble()).isEqualTo(5.5);
    assertThat(row.path("checkpointShare").asDouble()).isCloseTo(100.0 / 40_100, within(1e-9));
    assertThat(row.path("generationRatio").asDouble()).isCloseTo(11, within(1e-9));
    assertThat(row.path("rate").path("rounds")).hasSize(3);
    assertThat(tree.path("pytorch").get(1).path("rate").path("failure").asString())
        .isEqualTo("torch.compile needs a C++ compiler");
    assertThat(tree.path("bars").get(1).path("ok").asString()).isEqualTo("not measured");
    assertThat(tree.path("peaks").path("bf16").path("gflops").asDouble()).isEqualTo(400);
  }

  @Test
  void theFormulaOfPeakIsInTheTablesAndInJson() {
    String formula =
        "(6 N + 12 q a L) operations a token, times tokens/s, over the best matrix product of this run"
            + " (N weights without the embedding table, q the width of the queries, a the positions that"
            + " a token of a layer sees on average, L layers).";
    JsonMapper json = JsonMapper.shared();
    JsonNode tree = json.readTree(json.writeValueAsString(report));

    assertThat(tree.path("peakShareFormula").asString()).isEqualTo("peakShare: " + formula);
    assertThat(String.join(" ", EngineTables.lines(report))).contains("Of peak: " + formula);
    JsonNode row = tree.path("engine").get(0);
    assertThat(row.path("peakShare").asDouble())
        .isCloseTo(
            row.path("report").path("operationsPerToken").asDouble()
                * row.path("rate").path("tokensPerSecond").asDouble()
                / (1e9 * tree.path("peaks").path("float32").path("gflops").asDouble()),
            within(1e-12));
  }

  @Test
  void aGpuIsHeldToNoBar() {
    EngineBenchReport slow = Samples.report("cuda:0", Samples.measured("small", 10, 13, 10_000));

    assertThat(slow.held()).isTrue();
    assertThat(EngineTables.lines(slow))
        .contains("The bars are a processor's: a GPU is held to none.")
        .noneMatch(line -> line.startsWith("training, "))
        .first()
        .isEqualTo("cuda:0, 2 threads, 3 rounds of 2 s each, by turns. PyTorch 2.10.0 of /python.");
  }

  @Test
  void impossibleOptionsAreRefused() {
    assertThatThrownBy(() -> EngineOptions.of("cpu", 0, List.of(), 1, 1))
        .hasMessage("--threads is 0: use at least 1");
    assertThatThrownBy(() -> EngineOptions.of("cpu", 1, List.of("tiny", "huge"), 1, 1))
        .hasMessageStartingWith("There is no size 'huge'");
    assertThatThrownBy(() -> EngineOptions.of("cpu", 1, List.of(), 1, 0))
        .hasMessage("--seconds is 0.0: use more than 0");
    assertThatThrownBy(() -> EngineOptions.of("cuda:1", 1, List.of(), 1, 1))
        .hasMessage("--device is 'cuda:1': use cpu, or cuda:0 for the first GPU");
  }
}
