package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.stage.StageSpec.Resume;
import dev.modelflow.weights.CheckpointException;
import dev.modelflow.weights.Safetensors.Shape;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neither a stage that is resumed nor one that takes moments over begins with broken ones. */
class BrokenMomentsTest {
  private static final String SETTINGS =
      "{\"mix\": {\"counting\": 1}, \"steps\": 2, \"rows\": 1, \"learningRate\": 0.003}";
  private static final String NORM = "model.norm.weight";

  @TempDir private Path root;
  private ToyFlow flow;
  private Path checkpoint;
  private Path optimizer;

  @BeforeEach
  void train() throws Exception {
    flow = new ToyFlow(root);
    RecordedEvents events = new RecordedEvents().stoppingAfter(1);
    Stages.run(flow.spec(StageKind.PRETRAIN, SETTINGS, "pretrain", null), events);
    checkpoint = events.checkpointAt(1);
    optimizer = checkpoint.resolve(BrokenWeights.OPTIMIZER);
    flow.inputs.put("checkpoint", checkpoint);
  }

  private void assertRefused(String message) {
    StageSpec resumed =
        flow.spec(StageKind.PRETRAIN, SETTINGS, "resumed", new Resume(checkpoint, 1));
    StageSpec midtrain = flow.spec(StageKind.MIDTRAIN, SETTINGS, "midtrain", null);
    for (StageSpec spec : List.of(resumed, midtrain)) {
      RecordedEvents events = new RecordedEvents();
      assertThatThrownBy(() -> Stages.run(spec, events))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(message);
      assertThat(events.lines).isEmpty();
      assertThat(spec.output()).doesNotExist();
    }
  }

  @Test
  void aMomentThatIsNoNumberIsNamed() throws IOException {
    BrokenWeights.put(optimizer, "exp_avg." + NORM, Float.NaN);
    assertRefused(
        "optimizer.safetensors has NaN in tensor 'exp_avg.model.norm.weight' at value 3: use a"
            + " checkpoint from before its training broke");
    BrokenWeights.put(optimizer, "exp_avg." + NORM, 0);
    BrokenWeights.put(optimizer, "exp_avg_sq." + NORM, Float.POSITIVE_INFINITY);
    assertRefused(
        "optimizer.safetensors has Infinity in tensor 'exp_avg_sq.model.norm.weight' at value 3: use"
            + " a checkpoint from before its training broke");
  }

  @Test
  void aMeanOfSquaresBelowZeroIsNamed() throws IOException {
    BrokenWeights.put(optimizer, "exp_avg_sq." + NORM, -0.5f);
    assertRefused(
        "optimizer.safetensors has -0.5 in tensor 'exp_avg_sq.model.norm.weight' at value 3, but a"
            + " mean of squares is never negative: use another checkpoint");
  }

  @Test
  void aMomentOfAnotherShapeIsNamed() throws IOException {
    BrokenWeights.reshape(
        optimizer, "exp_avg_sq." + NORM, shape -> new Shape(shape.name(), List.of(4L, 4L)));
    assertRefused(
        "optimizer.safetensors has tensor 'exp_avg_sq.model.norm.weight' of shape [4, 4], but"
            + " config.json makes it [16]: use files of one model");
  }

  @Test
  void aMomentOfNoWeightIsNamed() throws IOException {
    BrokenWeights.reshape(
        optimizer, "exp_avg." + NORM, shape -> new Shape("exp_avg.other", shape.extents()));
    assertRefused(
        "optimizer.safetensors has tensor 'exp_avg.other', for which the model of config.json has no"
            + " place: use files of one model");
  }

  @Test
  void aMomentThatIsMissingIsNamed() throws IOException {
    BrokenWeights.remove(optimizer, "exp_avg_sq." + NORM);
    assertRefused(
        "optimizer.safetensors has no tensor 'exp_avg_sq.model.norm.weight', which the model of"
            + " config.json needs: use files of one model");
  }

  @Test
  void theTensorAtWhichAFileWasCutOffIsNamed() throws IOException {
    long whole = Files.size(optimizer);
    try (FileChannel file = FileChannel.open(optimizer, StandardOpenOption.WRITE)) {
      file.truncate(whole - 3);
    }
    assertRefused(
        "optimizer.safetensors is not a whole safetensors file: tensor 'exp_avg_sq.model.norm.weight'"
            + " [16] ends at byte %d and the file at %d. Fetch it again"
                .formatted(whole, whole - 3));
  }

  @Test
  void aFileThatIsNoneIsNamed() throws IOException {
    Files.writeString(optimizer, "moments");
    assertRefused(
        "optimizer.safetensors is not a whole safetensors file: it ends after 7 bytes, within the"
            + " length of its header. Fetch it again");
  }

  @Test
  void momentsOfUnknownAgeAreRefused() throws IOException {
    Path state = checkpoint.resolve("trainer_state.json");
    String whole = Files.readString(state);
    assertThat(whole).contains("\"optimizerSteps\":1");
    Files.writeString(state, whole.replace("\"optimizerSteps\":1", "\"optimizerSteps\":-1"));
    assertRefused(
        "trainer_state.json has -1 for optimizerSteps: expected a whole number from 0 on; use another"
            + " checkpoint");
    Files.writeString(state, whole.replace("\"optimizerSteps\":1", "\"updates\":1"));
    assertRefused(
        "trainer_state.json has nothing for optimizerSteps: expected a whole number from 0 on; use"
            + " another checkpoint");
  }
}
