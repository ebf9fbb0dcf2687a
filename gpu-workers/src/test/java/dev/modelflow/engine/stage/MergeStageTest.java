package dev.modelflow.engine.stage;

import static dev.modelflow.engine.stage.WrittenFolders.assertEqualBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.stage.StageSpec.Resume;
import dev.modelflow.weights.CheckpointException;
import dev.modelflow.weights.Safetensors;
import dev.modelflow.weights.TensorFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeStageTest {
  private static final String PRETRAIN =
      """
      {"mix": {"words": 1}, "steps": 6, "rows": 2, "learningRate": 0.01, "checkpointEvery": 2}
      """;

  @TempDir private Path root;
  private ToyFlow flow;
  private RecordedEvents trained;

  @BeforeEach
  void train() throws IOException {
    flow = new ToyFlow(root);
    trained = new RecordedEvents();
    Stages.run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null), trained);
  }

  private Path merged(String output, String weights, Path... checkpoints) throws IOException {
    return outcome(output, weights, null, new RecordedEvents(), checkpoints);
  }

  private Path outcome(
      String output,
      String weights,
      @Nullable Resume resume,
      RecordedEvents events,
      Path... checkpoints)
      throws IOException {
    flow.inputs.keySet().removeIf(role -> role.startsWith("checkpoint"));
    for (int i = 0; i < checkpoints.length; i++) {
      flow.inputs.put("checkpoint." + (i + 1), checkpoints[i]);
    }
    String parameters = "{\"weights\": " + weights + "}";
    StageResult result = Stages.run(flow.spec(StageKind.MERGE, parameters, output, resume), events);
    return ((StageResult.Done) result).outputs().values().iterator().next().path();
  }

  private static Map<String, float[]> weights(Path checkpoint) throws IOException {
    return TensorFiles.read(checkpoint.resolve("model.safetensors"));
  }

  /** A copy of a checkpoint that a test may damage. */
  private Path copy(int step, String name) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    try (Stream<Path> files = Files.list(trained.checkpointAt(step))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }

  private static void edit(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  @Test
  void everyWeightIsTheMeanOfItsOwn() throws IOException {
    Path two = trained.checkpointAt(2);
    Path six = trained.checkpointAt(6);
    Path soup = merged("soup", "[1, 3]", two, six);

    Map<String, float[]> first = weights(two);
    Map<String, float[]> second = weights(six);
    weights(soup)
        .forEach(
            (tensor, mean) -> {
              for (int i = 0; i < mean.length; i++) {
                double a = Objects.requireNonNull(first.get(tensor))[i];
                double b = Objects.requireNonNull(second.get(tensor))[i];
                assertThat(mean[i]).isEqualTo((float) ((a + 3 * b) / 4));
              }
            });
    assertThat(weights(soup).keySet()).isEqualTo(first.keySet());
    for (String same : List.of("config.json", "tokenizer.json")) {
      assertThat(soup.resolve(same)).hasSameBinaryContentAs(two.resolve(same));
    }
  }

  @Test
  void theOrderOfTheCheckpointsChangesNoByte() throws IOException {
    Path two = trained.checkpointAt(2);
    Path four = trained.checkpointAt(4);
    Path six = trained.checkpointAt(6);
    Path soup = merged("soup", "[1, 0.3, 2.7]", two, four, six);
    assertEqualBytes(merged("other", "[2.7, 1, 0.3]", six, two, four), soup);
  }

  @Test
  void anAttemptAfterOneThatWasKilledMakesTheSameAgain() throws IOException {
    Path soup = merged("soup", "[1, 1]", trained.checkpointAt(2), trained.checkpointAt(4));
    RecordedEvents events = new RecordedEvents();
    Path again =
        outcome(
            "again",
            "[1, 1]",
            new Resume(soup, 1),
            events,
            trained.checkpointAt(2),
            trained.checkpointAt(4));
    assertEqualBytes(again, soup);
    assertThat(events.lines).containsExactly("started 1 of 1");
    assertEqualBytes(events.checkpointAt(1), soup);
  }

  @Test
  void whatGoesOnFromAMergeBeginsWithNewMoments() throws IOException {
    Path soup = merged("soup", "[1, 1]", trained.checkpointAt(4), trained.checkpointAt(6));
    assertThat(new CheckpointFolder(soup).hasOptimizer()).isFalse();
    flow.inputs.put("checkpoint", soup);
    RecordedEvents events = new RecordedEvents();
    String midtrain =
        "{\"mix\": {\"words\": 1}, \"steps\": 3, \"rows\": 2, \"learningRate\": 0.01}";
    Stages.run(flow.spec(StageKind.MIDTRAIN, midtrain, "mid", null), events);
    assertThat(new CheckpointFolder(events.checkpointAt(3)).state().path("optimizerSteps").asInt())
        .isEqualTo(3);
  }

  @Test
  void aStopBetweenTensorsLeavesNoCheckpoint() throws IOException {
    RecordedEvents events = new RecordedEvents().stoppingAfter(0);
    flow.inputs.put("checkpoint.1", trained.checkpointAt(2));
    flow.inputs.put("checkpoint.2", trained.checkpointAt(4));
    StageResult result =
        Stages.run(flow.spec(StageKind.MERGE, "{\"weights\": [1, 1]}", "soup", null), events);
    assertThat(result).isEqualTo(new StageResult.Stopped(0));
    assertThat(events.checkpoints).isEmpty();
    assertThat(root.resolve("soup/checkpoint")).doesNotExist();
  }

  @Test
  void aValueThatIsNotFiniteIsNamedWithItsCheckpoint() throws IOException {
    Path broken = copy(4, "broken");
    Path file = broken.resolve("model.safetensors");
    try (RandomAccessFile weights = new RandomAccessFile(file.toFile(), "rw")) {
      weights.seek(weights.length() - Float.BYTES);
      ByteBuffer nan = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      weights.write(nan.putFloat(Float.NaN).array());
    }
    assertRefused(
        broken,
        "checkpoint.2 (pretrain after step 4): model.safetensors has NaN in tensor"
            + " 'model.norm.weight' at value 15: use a checkpoint from before its training broke");
  }

  @Test
  void modelsThatDifferAreRefusedWithTheKey() throws IOException {
    Path other = copy(4, "other");
    edit(other.resolve("config.json"), "\"sliding_window\":8", "\"sliding_window\":9");
    assertRefused(
        other,
        "checkpoint.1 (pretrain after step 2) has sliding_window 8 in config.json and checkpoint.2"
            + " (pretrain after step 4) has 9: only checkpoints of one model can be merged");
  }

  @Test
  void tensorsThatDifferAreRefusedByName() throws IOException {
    Path other = copy(4, "other");
    Path file = other.resolve("model.safetensors");
    Map<Safetensors.Shape, float[]> flat = new LinkedHashMap<>();
    weights(other)
        .forEach(
            (name, values) ->
                flat.put(new Safetensors.Shape(name, List.of((long) values.length)), values));
    Safetensors.write(file, flat);
    assertThatThrownBy(() -> merged("soup", "[1, 1]", trained.checkpointAt(2), other))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(
            "checkpoint.2 (pretrain after step 4): model.safetensors has tensor '")
        .hasMessageContaining("but config.json makes it [");
  }

  @Test
  void tokenizersThatDifferAreRefused() throws IOException {
    Path other = copy(4, "other");
    Path file = other.resolve("tokenizer.json");
    Files.writeString(file, Files.readString(file) + "\n");
    assertRefused(
        other,
        "checkpoint.1 (pretrain after step 2) and checkpoint.2 (pretrain after step 4) have"
            + " different tokenizer.json: the same ids mean other text, so their mean means none");
  }

  @Test
  void whatAnImportHasTakenOverMustBeTheSameInAll() throws IOException {
    Path one = copy(2, "one");
    Path other = copy(4, "other");
    Files.writeString(one.resolve("generation_config.json"), "{}");
    Files.writeString(other.resolve("generation_config.json"), "{}");
    assertThat(merged("soup", "[1, 1]", one, other).resolve("generation_config.json"))
        .hasContent("{}");

    Files.delete(other.resolve("generation_config.json"));
    assertThatThrownBy(() -> merged("refused", "[1, 1]", one, other))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "checkpoint.1 (pretrain after step 2) and checkpoint.2 (pretrain after step 4) differ"
                + " in generation_config.json, which an import has taken over: merge checkpoints"
                + " of one import");
  }

  @Test
  void everyCheckpointNeedsAWeight() {
    assertThatThrownBy(
            () -> merged("soup", "[1]", trained.checkpointAt(2), trained.checkpointAt(4)))
        .isInstanceOf(StageFailure.class)
        .hasMessage("stages.merge.weights is [1.0]: use one weight for each checkpoint");
  }

  private void assertRefused(Path other, String message) {
    assertThatThrownBy(() -> merged("soup", "[1, 1]", trained.checkpointAt(2), other))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(message);
    assertThat(root.resolve("soup/checkpoint")).doesNotExist();
  }
}
