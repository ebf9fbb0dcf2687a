package dev.modelflow.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.SeenJson;
import dev.modelflow.engine.stage.RecordedEvents;
import dev.modelflow.engine.stage.StageRows;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.StageState;
import dev.modelflow.engine.stage.Stages;
import dev.modelflow.engine.stage.ToyFlow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class RowFilesTest {
  private static final int ROWS = 2;
  private static final int STEPS = 1000;
  private static final int LENGTH = 48;
  private static final int KINDS = 3;

  @TempDir private Path root;
  private final List<StageRows> opened = new ArrayList<>();
  private StageSpec spec;

  @BeforeEach
  void makeFlow() throws IOException {
    ToyFlow flow = new ToyFlow(root.resolve("flow"));
    spec =
        flow.spec(
            StageKind.PRETRAIN,
            """
            {"firstMix": {"words": 1}, "firstSteps": 3, "mix": {"counting": 3, "words": 1},
             "steps": %d, "rows": %d, "learningRate": 0.01}
            """
                .formatted(STEPS, ROWS),
            "rows",
            null);
  }

  private StageRows rows() throws IOException {
    StageRows rows =
        StageRows.of(spec, ToyFlow.MODEL, spec.input("tokenizer"), new RecordedEvents());
    opened.add(rows);
    return rows;
  }

  @AfterEach
  void close() {
    opened.forEach(StageRows::close);
  }

  private RowFiles files(int first) throws IOException {
    return new RowFiles(root.resolve("files-" + first), rows(), ROWS, first, STEPS, 0);
  }

  private List<String> names(int first) throws IOException {
    try (Stream<Path> all = Files.list(root.resolve("files-" + first))) {
      return all.map(it -> String.valueOf(it.getFileName())).sorted().toList();
    }
  }

  @Test
  void someFilesAreWrittenAheadAndThoseBehindAreRemoved() throws IOException {
    RowFiles files = files(0);
    files.follow(0);
    assertThat(names(0)).containsExactly("rows-1-256.npy", "rows-257-512.npy", "rows-513-768.npy");
    files.follow(255);
    assertThat(names(0)).hasSize(3);
    files.follow(256);
    assertThat(names(0))
        .containsExactly("rows-257-512.npy", "rows-513-768.npy", "rows-769-1000.npy");
    files.follow(STEPS);
    assertThat(names(0)).isEmpty();
  }

  @Test
  void theRecordOfWhatWasSeenIsTheEngines() throws IOException {
    RecordedEvents events = new RecordedEvents().stoppingAfter(6);
    Stages.run(spec, events);
    StageRows rows = rows();
    rows.skipTo(2);
    rows.skipTo(6);
    ObjectNode state = StageState.of(spec, 6, 9, StageState.learningRate(spec, 6), rows.seen());
    ObjectNode engines = new CheckpointFolder(events.checkpointAt(6)).state();
    assertThat(SeenJson.read(state.path(SeenJson.KEY)))
        .hasSize(2)
        .isEqualTo(SeenJson.read(engines.path(SeenJson.KEY)));
    assertThat(state.path("learningRate")).isEqualTo(engines.path("learningRate"));
  }

  @Test
  void theyHoldWhatTheEngineWouldSeeAlsoAfterAResume() throws IOException {
    RowFiles files = files(0);
    files.follow(0);
    RowFiles resumed = files(2);
    resumed.follow(2);
    StageRows expected = rows();
    long tokens = 0;
    for (int step = 1; step <= 6; step++) {
      PackedRows want = expected.next();
      tokens += want.used();
      assertThat(files.upTo(step)).isEqualTo(tokens);
      assertSame(want, root.resolve("files-0/rows-1-256.npy"), step - 1);
      if (step > 2) {
        assertSame(want, root.resolve("files-2/rows-3-258.npy"), step - 3);
      }
    }
  }

  private static void assertSame(PackedRows want, Path file, int step) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int data = 10 + Short.toUnsignedInt(bytes.getShort(8));
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < LENGTH; i++) {
        int from = row * LENGTH + i;
        assertThat(value(bytes, data, step, row, 0, i)).isEqualTo(want.tokens()[from]);
        int target = want.targets()[from];
        assertThat(value(bytes, data, step, row, 1, i)).isEqualTo(target < 0 ? -100 : target);
        boolean starts = i == 0 || (want.positions()[from] == 0 && !want.isPadding(from));
        int inside = want.isPadding(from) ? 2 : 0;
        assertThat(value(bytes, data, step, row, 2, i)).isEqualTo(starts ? 1 : inside);
      }
    }
  }

  private static int value(ByteBuffer bytes, int data, int step, int row, int kind, int at) {
    int index = ((step * ROWS + row) * KINDS + kind) * LENGTH + at;
    return bytes.getInt(data + index * Integer.BYTES);
  }
}
