package dev.modelflow.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.engine.checkpoint.CheckpointMean.Ingredient;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.optim.Moments;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import dev.modelflow.weights.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is left of a checkpoint whose writing ended halfway. */
class CheckpointWritingTest {
  private static final ModelConfig MODEL = new ModelConfig(2, 8, 2, 12, 20, 16, 4, 10_000, null);
  private static final ParameterLayout LAYOUT = new ParameterLayout(MODEL);
  private static final String[] WHOLE = {
    "config.json",
    "model.safetensors",
    "optimizer.safetensors",
    "tokenizer.json",
    "trainer_state.json"
  };

  @TempDir private Path root;
  private Parameters weights;
  private Moments moments;
  private Path tokenizer;
  private Path half;
  private CheckpointFolder checkpoint;

  @BeforeAll
  static void load() {
    LibTorch.start();
  }

  @BeforeEach
  void begin() throws IOException {
    weights = Parameters.initialized(LAYOUT, new Initialization(0.5, 0.3, 0.7), 3);
    moments = new Moments(LAYOUT);
    tokenizer = TokenizerTrainer.train(new WordCounts(), 260).write(root);
    Path output = Files.createDirectory(root.resolve("output"));
    checkpoint = new CheckpointFolder(output.resolve("step-3"));
    half = output.resolve("step-3.part");
  }

  @AfterEach
  void free() {
    weights.close();
    moments.close();
  }

  private void write() throws IOException {
    checkpoint.write(MODEL, weights, moments, tokenizer, state());
  }

  /** The state is what is written last. */
  private void assertFailsAtItsEnd() {
    ObjectNode wrong = state().put("learningRate", Double.NaN);
    assertThatThrownBy(() -> checkpoint.write(MODEL, weights, moments, tokenizer, wrong))
        .hasMessage("JSON has no form for NaN");
    assertNoCheckpoint();
  }

  private static ObjectNode state() {
    return JsonMapper.shared().createObjectNode().put("kind", "pretrain").put("step", 3);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void assertWhole() throws IOException {
    assertThat(names(root.resolve("output"))).containsExactly("step-3");
    assertThat(names(checkpoint.path())).containsExactly(WHOLE);
    assertThat(checkpoint.state().path("step").asInt()).isEqualTo(3);
    assertThat(checkpoint.model()).isEqualTo(MODEL);
  }

  private void assertNoCheckpoint() {
    assertThat(checkpoint.path()).doesNotExist();
    CheckpointFolder left = new CheckpointFolder(half);
    assertThatThrownBy(left::state)
        .isInstanceOf(CheckpointException.class)
        .hasMessage(half + " has no trainer_state.json: is it the right folder?");
  }

  @Test
  void aWritingThatFailsAtItsEndLeavesNoCheckpoint() throws IOException {
    assertFailsAtItsEnd();
    assertThat(names(half)).containsExactlyElementsOf(List.of(WHOLE).subList(0, WHOLE.length - 1));
    write();
    assertWhole();
  }

  @Test
  void aWritingThatEndsAtAnyTensorLeavesNoCheckpoint() throws IOException {
    write();
    CheckpointFolder ingredient = new CheckpointFolder(root.resolve("ingredient"));
    Files.move(checkpoint.path(), ingredient.path());
    int tensors = LAYOUT.entries().size();
    for (int end = 0; end < tensors; end++) {
      assertThatThrownBy(writingThatEndsAt(ingredient, end)::run).hasMessage("ended");
      assertThat(names(half)).containsExactly("config.json", "model.safetensors");
      assertNoCheckpoint();
    }
    write();
    assertWhole();
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private Writing writingThatEndsAt(CheckpointFolder ingredient, int tensor) {
    int[] left = {tensor};
    return () -> {
      try (CheckpointMean mean =
          CheckpointMean.open(List.of(new Ingredient("it", ingredient, 1)))) {
        checkpoint.write(
            MODEL,
            (weight, piece, into) -> {
              if (left[0]-- == 0) {
                throw new IllegalStateException("ended");
              }
              mean.read(weight, piece, into);
            },
            tokenizer,
            state());
      }
    };
  }

  @Test
  void whatAKilledWriterLeftIsNotInTheNextCheckpoint() throws IOException {
    Files.createDirectories(half.resolve("outside"));
    Files.writeString(half.resolve("outside").resolve("rank0"), "half");
    Files.writeString(half.resolve("model.safetensors"), "half");
    Files.writeString(half.resolve("trainer_state.json"), "{\"step\":2}");
    write();
    assertWhole();
  }

  @Test
  void aWholeOneOfThisNameIsReplacedOrGone() throws IOException {
    write();
    Files.writeString(checkpoint.path().resolve("old"), "old");
    write();
    assertWhole();
    assertFailsAtItsEnd();
  }
}
