package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage lets go of the token sets that it reads; Linux lists what a process has mapped. */
class StageFilesTest {
  private static final String PRETRAIN =
      """
      {"mix": {"words": 1}, "steps": 1, "rows": 2, "learningRate": 0.01}
      """;

  @TempDir private Path root;

  private List<String> mapped() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.contains(root.toString()))
        .toList();
  }

  @Test
  void atItsEndNoFileIsMapped() throws Exception {
    ToyFlow flow = new ToyFlow(root);
    StageSpec spec = flow.spec(StageKind.PRETRAIN, PRETRAIN, "output", null);
    try (StageRows rows =
        StageRows.of(spec, ToyFlow.MODEL, spec.input("tokenizer"), new RecordedEvents())) {
      assertThat(rows.next().used()).isPositive();
      assertThat(mapped()).isNotEmpty();
    }
    assertThat(mapped()).isEmpty();
    Stages.run(spec, new RecordedEvents());
    assertThat(mapped()).isEmpty();
  }
}
