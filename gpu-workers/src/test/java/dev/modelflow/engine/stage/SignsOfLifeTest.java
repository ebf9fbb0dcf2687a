package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.AdoptedCheckpoint;
import dev.modelflow.engine.evaluate.Score;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Between any two events of a stage that may lie far apart, its work says that it goes on. */
class SignsOfLifeTest {
  private static final int TENSORS = new ParameterLayout(ToyFlow.MODEL).entries().size();
  private static final int ROWS = 8;
  private static final String PRETRAIN =
      """
      {"mix": {"words": 1}, "steps": 1, "rows": %d, "microBatchTokens": 48, "learningRate": 0.01}
      """
          .formatted(ROWS);

  @TempDir private Path root;
  private ToyFlow flow;
  private Listener trained;

  /** Counts the signs after each event. */
  private static final class Listener extends RecordedEvents {
    private final Map<String, Integer> signs = new LinkedHashMap<>();
    private String latest = "nothing";

    private synchronized void heard(String event) {
      latest = event;
    }

    private synchronized int after(String event) {
      return signs.getOrDefault(event, 0);
    }

    @Override
    public synchronized void prepares(int step, int totalSteps, long tokens) {
      latest = "prepares";
    }

    @Override
    public synchronized void goesOn() {
      signs.merge(latest, 1, Integer::sum);
    }

    @Override
    public void started(int step, int totalSteps) {
      super.started(step, totalSteps);
      heard("started");
    }

    @Override
    public void progress(int step, int totalSteps, long tokens, double tokensPerSecond) {
      super.progress(step, totalSteps, tokens, tokensPerSecond);
      heard("step " + step);
    }

    @Override
    public void evaluation(Score score) {
      super.evaluation(score);
      heard(score.task() + " " + score.metric());
    }

    @Override
    public void log(String level, String message) {
      super.log(level, message);
      heard(level);
    }
  }

  @BeforeEach
  void train() throws Exception {
    flow = new ToyFlow(root);
    trained = run(StageKind.PRETRAIN, PRETRAIN);
    flow.inputs.put("checkpoint", trained.checkpointAt(1));
    flow.inputs.put("weak", trained.checkpointAt(1));
  }

  private Listener run(StageKind kind, String parameters) throws Exception {
    Listener events = new Listener();
    Stages.run(flow.spec(kind, parameters, kind.word(), null), events);
    assertThat(events.after("nothing")).isZero();
    return events;
  }

  @Test
  void aStageThatTrains() throws Exception {
    assertThat(trained.after("prepares")).as("weights").isGreaterThanOrEqualTo(TENSORS);
    assertThat(trained.after("started")).as("micro-batches").isGreaterThanOrEqualTo(ROWS);
    assertThat(trained.after("step 1")).as("a checkpoint").isGreaterThanOrEqualTo(3 * TENSORS);

    Listener midtrain = run(StageKind.MIDTRAIN, PRETRAIN);
    assertThat(midtrain.after("prepares")).as("moments").isGreaterThanOrEqualTo(3 * TENSORS);
  }

  @Test
  void conversationsThatAreRead() throws Exception {
    Listener events = run(StageKind.SFT, "{\"steps\": 1, \"rows\": 2, \"learningRate\": 0.01}");
    assertThat(events.after("started")).isGreaterThanOrEqualTo(50);
  }

  @Test
  void anImport() throws Exception {
    Path published = Files.createDirectories(root.resolve("published"));
    List<Map<String, String>> files = new ArrayList<>();
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      Path copy = published.resolve(file);
      Files.copy(trained.checkpointAt(1).resolve(file), copy);
      files.add(Map.of("name", file, "sha256", Digests.of(copy).hex()));
    }
    Listener events =
        run(
            StageKind.IMPORT,
            JsonMapper.shared()
                .writeValueAsString(Map.of("folder", published.toString(), "files", files)));
    assertThat(events.after("started")).isGreaterThanOrEqualTo(files.size() + TENSORS + TENSORS);
  }

  @Test
  void aMerge() throws Exception {
    flow.inputs.put("checkpoint.1", trained.checkpointAt(1));
    flow.inputs.put("checkpoint.2", trained.checkpointAt(1));
    Listener events = run(StageKind.MERGE, "{\"weights\": [1, 1]}");
    assertThat(events.after("started")).isGreaterThanOrEqualTo(2 * TENSORS);
  }

  @Test
  void pairsThatAreMadeScoredAndMeasured() throws Exception {
    Listener events =
        run(
            StageKind.DPO,
            """
            {"pairs": 30, "heldOutPairs": 4, "batchPairs": 2, "beta": 5, "steps": 1,
             "maxNewTokens": 8, "learningRate": 0.001}
            """);
    assertThat(events.after("prepares")).isGreaterThanOrEqualTo(TENSORS);
    assertThat(events.after("started")).as("the weak one's answers").isGreaterThan(TENSORS);
    // Thirty pairs are two parts to score; a step of two pairs is another.
    assertThat(events.after("info")).as("the reference").isGreaterThan(TENSORS + 2);
    assertThat(events.after("step 1"))
        .as("the checkpoint, then the margins")
        .isGreaterThan(3 * TENSORS);
  }

  @Test
  void answersThatAreLearntFrom() throws Exception {
    Listener events =
        run(
            StageKind.RLVR,
            """
            {"steps": 1, "promptsPerStep": 2, "groupSize": 4, "samplingRounds": 1,
             "maxNewTokens": 12, "learningRate": 0.001, "reward": "random"}
            """);
    assertThat(events.after("started")).isGreaterThanOrEqualTo(12);
  }

  @Test
  void theStartAndTheCheckpointsOfTrainersOfOthers() throws Exception {
    Listener events = new Listener();
    StageStart start =
        StageStart.of(
            flow.spec(StageKind.PRETRAIN, PRETRAIN, "other", null), root.resolve("drawn"), events);
    assertThat(events.after("nothing")).isZero();
    assertThat(events.after("prepares")).as("weights").isEqualTo(TENSORS);

    Files.copy(
        trained.checkpointAt(1).resolve("optimizer.safetensors"),
        start.weights().resolve("optimizer.safetensors"));
    AdoptedCheckpoint.of(
        start.weights(),
        root.resolve("adopted"),
        start.model(),
        1,
        start.tokenizer().resolve(Tokenizer.FILE),
        JsonMapper.shared().createObjectNode(),
        events);
    assertThat(events.after("prepares")).as("and a checkpoint").isEqualTo(4 * TENSORS);
  }

  @Test
  void anEvaluation() throws Exception {
    Listener events =
        run(
            StageKind.EVALUATE,
            "{\"maxNewTokens\": 8, \"mathsQuestions\": 4, \"heldOutTokens\": 1000}");
    assertThat(events.after("prepares")).as("weights").isGreaterThanOrEqualTo(TENSORS);
    assertThat(events.after("started")).as("held-out text").isPositive();
    assertThat(events.after("text unigramBitsPerByte")).as("questions").isPositive();
  }
}
