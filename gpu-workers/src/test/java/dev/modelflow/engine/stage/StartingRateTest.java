package dev.modelflow.engine.stage;

import static dev.modelflow.engine.stage.WrittenFolders.assertEqualBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.stage.StageSpec.Resume;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An anneal begins at the learning rate that its checkpoint ended at. */
class StartingRateTest {
  private static final String PRETRAIN =
      """
      {"mix": {"words": 1}, "steps": 8, "rows": 2, "learningRate": 0.01, "schedule": "linear",
       "finalLearningRate": 0, "checkpointEvery": 4}
      """;
  private static final String ANNEAL =
      """
      {"mix": {"counting": 1}, "steps": 5, "rows": 2, "metricsEvery": 1, "checkpointEvery": 2}
      """;

  @TempDir private Path root;
  private ToyFlow flow;
  private RecordedEvents trained;

  @BeforeEach
  void train() throws IOException {
    flow = new ToyFlow(root);
    trained = run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null));
  }

  private static RecordedEvents run(StageSpec spec) throws IOException {
    RecordedEvents events = new RecordedEvents();
    Stages.run(spec, events);
    return events;
  }

  @Test
  void itFallsEvenlyFromThereToZeroAndKeepsTheMoments() throws IOException {
    flow.inputs.put("checkpoint", trained.checkpointAt(4));
    RecordedEvents events = run(flow.spec(StageKind.MIDTRAIN, ANNEAL, "anneal", null));
    for (int step = 1; step <= 5; step++) {
      assertThat(events.metric(step, "learningRate"))
          .isCloseTo(0.005 * (5 - step) / 5, within(1e-15));
    }
    CheckpointFolder last = new CheckpointFolder(events.checkpointAt(5));
    assertThat(last.state().path("learningRate").asDouble(-1)).isZero();
    assertThat(last.state().path("optimizerSteps").asInt()).isEqualTo(9);
  }

  @Test
  void aResumedAnnealStillBeginsAtTheCheckpointsRate() throws IOException {
    flow.inputs.put("checkpoint", trained.checkpointAt(4));
    RecordedEvents whole = run(flow.spec(StageKind.MIDTRAIN, ANNEAL, "anneal", null));
    Resume resume = new Resume(whole.checkpointAt(2), 2);
    RecordedEvents rest = run(flow.spec(StageKind.MIDTRAIN, ANNEAL, "again", resume));
    assertEqualBytes(rest.checkpointAt(5), whole.checkpointAt(5));
  }

  @Test
  void aCheckpointThatEndedAtZeroNeedsARate() {
    flow.inputs.put("checkpoint", trained.checkpointAt(8));
    assertThatThrownBy(() -> run(flow.spec(StageKind.MIDTRAIN, ANNEAL, "anneal", null)))
        .isInstanceOf(StageFailure.class)
        .hasMessage(
            "The checkpoint that stage midtrain begins from ended at a learning rate of 0, so it"
                + " cannot go on from that: set learningRate");
  }
}
