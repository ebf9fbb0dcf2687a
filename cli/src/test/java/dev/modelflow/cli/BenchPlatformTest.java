package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.cli.bench.fill.LedgerSize;
import dev.modelflow.cli.bench.platform.PlatformBench;
import dev.modelflow.cli.bench.platform.PlatformOptions;
import dev.modelflow.cli.bench.platform.Reading;
import dev.modelflow.cli.bench.platform.StackChoice;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchPlatformTest {
  @Test
  void everythingIsMeasuredOnceAndNothingIsLeftBehind(@TempDir Path state) throws Exception {
    List<String> said = new ArrayList<>();
    List<Reading> readings =
        new PlatformBench(
                new PlatformOptions(new LedgerSize(20, 500, 500, 1), 2, 2, 2, 2, 1, 100_000),
                state,
                System.getenv(),
                said::add)
            .measure(StackChoice.EMBEDDED);
    assertThat(readings)
        .extracting(Reading::measure)
        .doesNotHaveDuplicates()
        .contains(
            "run list, page",
            "run page",
            "lineage, API",
            "branch preview",
            "2 dashboards, an event reaches each",
            "overhead of a stage",
            "1 flows at once",
            "checkpoint of 0.0 GB, upload");
    assertThat(readings)
        .filteredOn(reading -> reading.measure().equals("1 flows at once"))
        .allMatch(Reading::held);
    assertThat(readings).allMatch(reading -> !reading.seen().isEmpty());
    assertThat(said).contains("embedded: 20 of 20 runs written");
    try (Stream<Path> left = Files.list(state)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aWrongSizeIsAWrongUsage() {
    assertThat(code("bench", "platform", "--checkpoint", "much")).isEqualTo(2);
    assertThat(err).contains("--checkpoint is 'much': expected a number of bytes");
    assertThat(code("bench", "platform", "--runs", "0")).isEqualTo(2);
    assertThat(err).contains("A ledger of 0 runs shows nothing");
  }

  private String err = "";

  private int code(String... arguments) {
    StringWriter said = new StringWriter();
    int code = Main.commandLine().setErr(new PrintWriter(said)).execute(arguments);
    err = said.toString();
    return code;
  }
}
