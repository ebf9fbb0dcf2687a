package dev.modelflow.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.stage.StageRows;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.tensor.Device;
import dev.modelflow.engine.tensor.Precision;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

class EngineBenchTest {
  private static final BenchSize TOY = new BenchSize("toy", 2, 16, 2, 24, 300, 32, 8, 4);

  @TempDir private Path folder;

  private List<String> answers(Precision precision, String asked) throws IOException {
    BenchStage stage = BenchStage.read(BenchFolder.write(folder, TOY, precision, Device.CPU, 2));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    EngineBench.answer(
        stage,
        new BufferedReader(new StringReader(asked)),
        new PrintStream(said, true, StandardCharsets.UTF_8));
    return said.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @ParameterizedTest
  @EnumSource
  void roundsAreAnsweredAndThenEverythingElseIs(Precision precision) throws IOException {
    List<String> answers = answers(precision, "round 0.02\nround 0.000001\nreport\n");

    assertThat(answers).hasSize(3);
    JsonMapper json = JsonMapper.shared();
    Round first = json.readValue(answers.getFirst(), Round.class);
    assertThat(first.seconds()).isGreaterThanOrEqualTo(0.02);
    assertThat(first.tokens()).isPositive().isEqualTo(first.tokens() / 128 * 128);
    assertThat(json.readValue(answers.get(1), Round.class).tokens()).isEqualTo(128);

    EngineReport report = json.readValue(answers.getLast(), EngineReport.class);
    assertThat(report.parameters()).isEqualTo(14_096);
    assertThat(report.operationsPerToken()).isBetween(6.0 * 9_000, 6.0 * 14_000);
    assertThat(report.gemm().gflops()).isPositive();
    assertThat(report.parts().dataMilliseconds()).isPositive();
    assertThat(report.parts().mixedDataMilliseconds()).isPositive();
    assertThat(report.parts().forwardMilliseconds()).isPositive();
    assertThat(report.parts().optimizerMilliseconds()).isPositive();
    assertThat(report.checkpoints().stepMilliseconds()).isPositive();
    assertThat(report.checkpoints().waitMilliseconds())
        .isPositive()
        .isLessThanOrEqualTo(report.checkpoints().longestWaitMilliseconds());
    assertThat(report.generation()).extracting(Generation::batch).containsExactly(1, 64);
    assertThat(report.generation()).allMatch(each -> each.tokensPerSecond() > 0);
    assertThat(folder.resolve("output")).doesNotExist();
  }

  @Test
  void whereNobodyAsksAnyMoreTheStageEnds() throws IOException {
    assertThat(answers(Precision.FLOAT32, "round 0.000001\n")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void theStageNamesItsDevice(Device device) throws IOException {
    Path spec = BenchFolder.write(folder, TOY, Precision.BF16, device, 2);

    assertThat(BenchStage.read(spec).withSteps(3).device()).isEqualTo(device);
  }

  @Test
  void mixedRowsHoldSeveralDocumentsOfSeveralSources() throws IOException {
    BenchSize tiny = BenchSize.of("tiny");
    StageSpec spec =
        BenchStage.read(BenchFolder.write(folder, tiny, Precision.FLOAT32, Device.CPU, 2))
            .mixed()
            .spec();

    List<String> documents = new ArrayList<>();
    try (StageRows rows =
        StageRows.of(spec, spec.model(), spec.input("tokenizer"), new StepTimes())) {
      for (int step = 1; step <= 10; step++) {
        documents.addAll(rows.read(step).documents());
      }
    }
    assertThat(documents).hasSizeGreaterThan(2 * 10 * tiny.rows());
    assertThat(documents)
        .extracting(document -> document.substring(0, document.indexOf(' ')))
        .containsAll(BenchTokens.mixed().keySet())
        .doesNotContain(BenchTokens.ROWS);
  }

  @Test
  void theStageIsTheOneThatARecipeMakes() throws IOException {
    StageSpec spec =
        BenchStage.read(BenchFolder.write(folder, TOY, Precision.FLOAT32, Device.CPU, 2)).spec();

    assertThat(spec.model().context()).isEqualTo(32);
    assertThat(spec.threads()).isEqualTo(2);
    assertThat(spec.settings().integer("rows", 1)).isEqualTo(4);
    assertThat(spec.settings().number("gradientClip", 0)).isEqualTo(1);
    assertThat(spec.settings().number("zLoss", 0)).isEqualTo(1e-5);
  }
}
