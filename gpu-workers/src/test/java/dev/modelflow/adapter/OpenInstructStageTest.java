package dev.modelflow.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.stage.RecordedEvents;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageResult;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageResult.Stopped;
import dev.modelflow.engine.stage.StageSpec.Resume;
import dev.modelflow.engine.stage.Stages;
import dev.modelflow.engine.stage.ToyFlow;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Open-instruct's programs behind the adapter, over a stand-in that speaks their files. */
class OpenInstructStageTest {
  private static final String DPO =
      """
      {"steps": 8, "pairs": 12, "heldOutPairs": 4, "batchPairs": 4, "maxNewTokens": 12,
       "learningRate": 0.001, "beta2": 0.999, "checkpointEvery": 3, "metricsEvery": 2}
      """;
  private static final String RLVR =
      """
      {"steps": 6, "promptsPerStep": 4, "groupSize": 8, "maxNewTokens": 12, "learningRate": 0.001,
       "beta2": 0.999, "checkpointEvery": 2, "metricsEvery": 1}
      """;

  @TempDir private static Path root;
  private static ToyFlow flow;
  private static OpenInstruct tool;

  @BeforeAll
  static void begin() throws Exception {
    flow = new ToyFlow(root);
    String pretrain =
        """
        {"mix": {"counting": 1}, "steps": 3, "rows": 4, "learningRate": 0.01}
        """;
    RecordedEvents start = new RecordedEvents();
    Stages.run(flow.spec(StageKind.PRETRAIN, pretrain, "base", null), start);
    flow.inputs.put("checkpoint", start.checkpointAt(3));
    flow.inputs.put("weak", start.checkpointAt(3));
    Path programs = Files.createDirectories(root.resolve("checkout/open_instruct"));
    Files.createFile(programs.resolve("dpo.py"));
    Files.createFile(programs.resolve("grpo_fast.py"));
    Path bin = Files.createDirectories(root.resolve("checkout/.venv/bin"));
    Files.createSymbolicLink(bin.resolve("python"), StandIn.PYTHON);
    tool = new OpenInstruct(root.resolve("checkout"));
  }

  private static StageResult run(
      StageKind kind,
      String parameters,
      String name,
      @Nullable Resume resume,
      RecordedEvents events)
      throws Exception {
    return run(kind, parameters, name, tool, resume, events);
  }

  private static StageResult run(
      StageKind kind,
      String parameters,
      String name,
      OpenInstruct program,
      @Nullable Resume resume,
      RecordedEvents events)
      throws Exception {
    Files.createDirectories(root.resolve(name));
    Path folder = Files.createDirectories(root.resolve(name + "-files"));
    OutsideDevice device = new OutsideDevice("cpu", 1, 1);
    return OpenInstructStage.run(
        flow.spec(kind, parameters, name, resume), device, program, folder, events);
  }

  @Test
  void preferenceTrainingMakesPairsAndGoesOnFromItsOwnState() throws Exception {
    RecordedEvents whole = new RecordedEvents();
    StageResult result = run(StageKind.DPO, DPO, "dpo", null, whole);

    assertThat(whole.checkpoints).containsOnlyKeys(3, 6, 8);
    assertThat(((Done) result).outputs()).containsOnlyKeys("preferences", "checkpoint");
    assertThat(Files.readAllLines(root.resolve("dpo/preferences/preferences.jsonl"))).hasSize(12);
    assertThat(whole.metric(4, "margin")).isEqualTo(3.5);
    CheckpointFolder last = new CheckpointFolder(whole.checkpointAt(8));
    assertThat(last.state().path("tokens").asLong()).isEqualTo(800);
    assertThat(last.hasOptimizer()).isTrue();

    RecordedEvents rest = new RecordedEvents();
    run(StageKind.DPO, DPO, "dpo-again", new Resume(whole.checkpointAt(3), 3), rest);
    assertThat(rest.checkpoints).containsOnlyKeys(6, 8);
    assertSameWeights(rest.checkpointAt(8), whole.checkpointAt(8));
    assertThat(new CheckpointFolder(rest.checkpointAt(8)).state()).isEqualTo(last.state());
  }

  @Test
  void reinforcementKeepsTheModelsAndGoesOnFromItsOwnState() throws Exception {
    RecordedEvents whole = new RecordedEvents();
    StageResult result = run(StageKind.RLVR, RLVR, "rlvr", null, whole);

    assertThat(whole.checkpoints).containsOnlyKeys(2, 4, 6);
    assertThat(((Done) result).outputs()).containsOnlyKeys("checkpoint");
    assertThat(new CheckpointFolder(whole.checkpointAt(6)).hasOptimizer()).isFalse();

    RecordedEvents rest = new RecordedEvents();
    run(StageKind.RLVR, RLVR, "rlvr-again", new Resume(whole.checkpointAt(2), 2), rest);
    assertThat(rest.checkpoints).containsOnlyKeys(4, 6);
    assertSameWeights(rest.checkpointAt(6), whole.checkpointAt(6));
  }

  @Test
  void aStopMakesPreferenceTrainingWriteALastCheckpoint() throws Exception {
    RecordedEvents events = new RecordedEvents().stoppingAfter(4);
    StageResult result = run(StageKind.DPO, DPO.replace("8,", "500,"), "stopped", null, events);

    int step = ((Stopped) result).step();
    assertThat(step).isBetween(4, 499);
    assertThat(events.checkpointAt(step)).isDirectoryContaining("glob:**/outside");
  }

  @Test
  void aStopWhilePairsAreMadeStartsNothing() throws Exception {
    RecordedEvents events = new RecordedEvents().stoppingWhenAsked(2);
    assertThat(run(StageKind.DPO, DPO, "early", null, events)).isEqualTo(new Stopped(0));
    assertThat(Files.readAllLines(root.resolve("early/preferences/preferences.jsonl"))).isEmpty();
    assertThat(root.resolve("early-files")).isEmptyDirectory();
  }

  @Test
  void aLossThatIsNoNumberIsTheRecipesFault() throws Exception {
    Path python = root.resolve("wishing/.venv/bin/python");
    Files.createDirectories(python.getParent());
    Files.writeString(
        python, "#!/bin/sh\nSTAND_IN=nan-loss@4 exec %s \"$@\"\n".formatted(StandIn.PYTHON));
    assertThat(python.toFile().setExecutable(true)).isTrue();
    Path programs = Files.createDirectories(root.resolve("wishing/open_instruct"));
    Files.createFile(programs.resolve("dpo.py"));
    RecordedEvents events = new RecordedEvents();

    assertThatThrownBy(
            () ->
                run(
                    StageKind.DPO,
                    DPO,
                    "lost",
                    new OpenInstruct(root.resolve("wishing")),
                    null,
                    events))
        .isInstanceOf(StageFailure.class)
        .hasMessage(
            "Stage dpo lost its footing: loss is NaN at step 4; lower learningRate (now 0.001)");
    assertThat(events.checkpoints).containsKey(3);
  }

  @Test
  void whatOpenInstructCannotBeToldIsRefused() {
    assertThatThrownBy(
            () ->
                run(StageKind.DPO, DPO.replace("0.999", "0.95"), "no", null, new RecordedEvents()))
        .isInstanceOf(StageFailure.class)
        .hasMessage("stages.dpo.beta2 is 0.95: use 0.999 with trainer open-instruct");
    assertThatThrownBy(
            () ->
                run(
                    StageKind.RLVR,
                    RLVR.replace("\"checkpointEvery\": 2", "\"checkpointEvery\": 4"),
                    "neither",
                    null,
                    new RecordedEvents()))
        .hasMessageContaining("checkpointEvery is 4: use a divisor of the 6 steps above 1");
  }

  private static void assertSameWeights(Path one, Path other) throws Exception {
    assertThat(Files.mismatch(one.resolve("model.safetensors"), other.resolve("model.safetensors")))
        .isEqualTo(-1);
  }
}
