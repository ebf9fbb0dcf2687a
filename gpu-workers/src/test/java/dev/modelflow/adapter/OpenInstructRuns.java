package dev.modelflow.adapter;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.Yarn;
import dev.modelflow.engine.stage.RecordedEvents;
import dev.modelflow.engine.stage.StageResult;
import dev.modelflow.engine.stage.StageSpec.Resume;
import dev.modelflow.engine.stage.Stages;
import dev.modelflow.engine.stage.ToyFlow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A pretrained model and a stand-in for open-instruct that tunes it. */
final class OpenInstructRuns {
  private static final String PRETRAIN =
      """
      {"mix": {"counting": 1}, "steps": 3, "rows": 4, "learningRate": 0.01}
      """;

  /** With all that a preset's name could not tell. */
  private static final ModelConfig MODEL =
      new ModelConfig(4, 16, 2, 1, 8, 24, 260, 48, 8, 10_000, new Yarn(2, 24), true, null);

  private final Path root;
  private final ToyFlow flow;
  private final OpenInstruct tool;

  /** Runs in folders of {@code root}. */
  OpenInstructRuns(Path root) throws IOException {
    this.root = root;
    flow = new ToyFlow(root);
    RecordedEvents start = new RecordedEvents();
    Stages.run(ToyFlow.with(MODEL, flow.spec(StageKind.PRETRAIN, PRETRAIN, "base", null)), start);
    flow.inputs.put("checkpoint", start.checkpointAt(3));
    flow.inputs.put("weak", start.checkpointAt(3));
    tool = StandIn.checkout(root.resolve("checkout"));
  }

  /** Runs a stage whose output is the folder of this name. */
  StageResult run(
      StageKind kind,
      String parameters,
      String name,
      @Nullable Resume resume,
      RecordedEvents events)
      throws IOException {
    return run(kind, parameters, name, tool, resume, events);
  }

  /** The same with a stand-in of its own. */
  StageResult run(
      StageKind kind,
      String parameters,
      String name,
      OpenInstruct program,
      @Nullable Resume resume,
      RecordedEvents events)
      throws IOException {
    Files.createDirectories(root.resolve(name));
    Files.createDirectories(files(name));
    return run(kind, parameters, name, new OutsideDevice("cpu", 1, 1), program, resume, events);
  }

  /** On a device of several GPUs; no folder of it is there before. */
  StageResult run(StageKind kind, String parameters, String name, OutsideDevice device)
      throws IOException {
    return run(kind, parameters, name, device, tool, null, new RecordedEvents());
  }

  private StageResult run(
      StageKind kind,
      String parameters,
      String name,
      OutsideDevice device,
      OpenInstruct program,
      @Nullable Resume resume,
      RecordedEvents events)
      throws IOException {
    return OpenInstructStage.run(
        flow.spec(kind, parameters, name, resume), device, program, files(name), events);
  }

  /** What the program works with in the run of this name. */
  Path files(String name) {
    return root.resolve(name + "-files");
  }

  /** What the stand-in was told in the run of this name. */
  JsonNode told(String name) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(files(name).resolve("told.json")));
  }
}
