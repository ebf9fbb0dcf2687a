package dev.modelflow.adapter;

import dev.modelflow.adapter.OutsideProgress.Lost;
import dev.modelflow.adapter.SavedSteps.Saved;
import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.TrainerName;
import dev.modelflow.engine.checkpoint.AdoptedCheckpoint;
import dev.modelflow.engine.stage.LostFooting;
import dev.modelflow.engine.stage.StageEvents;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StagePairs;
import dev.modelflow.engine.stage.StageResult;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageResult.Output;
import dev.modelflow.engine.stage.StageResult.Stopped;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.StageStart;
import dev.modelflow.engine.stage.StageState;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.weights.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One attempt at a dpo or rlvr stage with open-instruct's programs. Their checkpoints become ours
 * with their own state beside it, in a folder that only they read, from which they go on.
 */
final class OpenInstructStage {
  private static final String STATE = "outside";
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LONGEST_START = Duration.ofHours(1);
  private static final Duration LONGEST_CONVERSION = Duration.ofMinutes(30);

  private final StageSpec spec;
  private final StageEvents events;
  private final OpenInstructPlan plan;
  private final OpenInstructProgram program;
  private final HeldCheckpoints held;
  private final ToldTokens tokens;
  private final OutsideProgress progress;
  private final Map<String, Output> outputs;
  private boolean stopping;
  private @Nullable Path last;
  private int lastStep;

  private OpenInstructStage(
      StageEvents events,
      OpenInstructPlan plan,
      OpenInstructProgram program,
      Converter converter,
      Map<String, Output> outputs) {
    this.spec = plan.spec();
    this.events = events;
    this.plan = plan;
    this.program = program;
    this.outputs = new LinkedHashMap<>(outputs);
    StageStart start = plan.start();
    tokens = new ToldTokens(start.step(), start.tokens());
    progress =
        new OutsideProgress(plan.progressFile(), spec.settings(), start.step(), tokens, events);
    held = new HeldCheckpoints(converter, progress);
  }

  /**
   * Trains to the last step, or until a stop is asked for.
   *
   * @param folder for the attempt's own files
   */
  static StageResult run(
      StageSpec spec, OutsideDevice device, OpenInstruct tool, Path folder, StageEvents events)
      throws IOException {
    OpenInstructPlan.requireFollowed(spec);
    if (spec.kind() == StageKind.DPO) {
      DpoProgram.requireShared(spec.settings(), device);
    }
    StageStart start = StageStart.of(spec, folder.resolve("start"), events);
    if (spec.kind() == StageKind.DPO) {
      RotaryCheck.require(spec, start.model(), TrainerName.OPEN_INSTRUCT);
    }
    Map<String, Output> outputs = new LinkedHashMap<>();
    Path data = folder.resolve("data.jsonl");
    if (spec.kind() == StageKind.DPO) {
      StagePairs pairs = StagePairs.make(spec, events);
      if (events.stopRequested()) {
        return new Stopped(start.step());
      }
      outputs.put("preferences", pairs.output());
      OpenInstructData.pairs(pairs.training(), data);
    } else {
      OpenInstructData.prompts(spec.input("prompts"), data);
    }
    // Also after a resume: the reference is what the stage began with.
    Path model =
        OpenInstructData.model(
            spec.input("checkpoint"), start.model().context(), folder.resolve("model"));
    OpenInstructPlan plan = new OpenInstructPlan(spec, start, tool, device, model, data, folder);
    OpenInstructProgram program =
        spec.kind() == StageKind.DPO ? new DpoProgram(plan) : new GrpoProgram(plan);
    Path scripts = folder.resolve("scripts");
    Scripts.unpack(scripts);
    if (spec.resume() != null) {
      program.giveState(start.weights().resolve(STATE));
    }
    Path stage = plan.write();
    List<String> convert = convert(plan, scripts, stage);
    List<String> command = command(plan, program, scripts, stage);
    try (Converter converter = new Converter(convert, folder, device.environment());
        OutsideProcess process =
            OutsideProcess.start(command, folder, environment(plan, program))) {
      return new OpenInstructStage(events, plan, program, converter, outputs).follow(process);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", stopped);
    }
  }

  private static List<String> convert(OpenInstructPlan plan, Path scripts, Path stage) {
    return List.of(
        plan.tool().python(), scripts.resolve("olmo_core_convert.py").toString(), stage.toString());
  }

  private static List<String> command(
      OpenInstructPlan plan, OpenInstructProgram program, Path scripts, Path stage)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(plan.tool().python()));
    command.addAll(program.launcher());
    command.add(scripts.resolve("open_instruct_stage.py").toString());
    command.add(stage.toString());
    command.add(program.file());
    command.addAll(program.flags());
    return command;
  }

  private static Map<String, String> environment(
      OpenInstructPlan plan, OpenInstructProgram program) {
    Map<String, String> environment = new HashMap<>(plan.device().environment());
    environment.putAll(program.environment());
    environment.put("HF_HUB_OFFLINE", "1");
    environment.put("WANDB_MODE", "offline");
    return environment;
  }

  private StageResult follow(OutsideProcess process) throws IOException, InterruptedException {
    boolean alive = true;
    while (alive) {
      // Asked before reading: what it wrote last is read all the same.
      alive = process.isAlive();
      progress.read();
      if (!progress.hasStarted()) {
        progress.waits("open-instruct to start", LONGEST_START);
      } else {
        keepCheckpoints();
      }
      if (events.stopRequested() && !stopping) {
        stop(process);
      }
      if (progress.lost() != null) {
        process.close();
      }
      if (alive) {
        Thread.sleep(POLL);
      }
    }
    int status = process.status();
    progress.ends();
    while (held.isAwaiting()) {
      keepCheckpoints();
      progress.waits("its last checkpoint to be converted", LONGEST_CONVERSION);
      Thread.sleep(POLL);
    }
    return conclude(status);
  }

  /** A trainer of OLMo-core's makes a last checkpoint; the other program has none but the last. */
  private void stop(OutsideProcess process) throws IOException {
    stopping = true;
    if (program.isDistributed() && progress.hasStarted()) {
      Files.createFile(plan.stopFile());
    } else {
      process.close();
    }
  }

  private void keepCheckpoints() throws IOException {
    for (Saved checkpoint : program.saved()) {
      if (program.isDistributed()) {
        held.add(checkpoint);
      } else {
        keepAsItIs(checkpoint);
      }
    }
    held.keep(converted -> keep(converted.saved(), converted.folder()));
  }

  /** It told of its step before the state, by which one sees that it is whole. */
  private void keepAsItIs(Saved checkpoint) throws IOException {
    progress.read();
    if (!progress.isLost(checkpoint.step())) {
      keep(checkpoint, copyOfTensors(checkpoint));
    }
  }

  private Path copyOfTensors(Saved checkpoint) throws IOException {
    Path copy = Files.createDirectories(plan.folder().resolve("copy-" + checkpoint.step()));
    try (Stream<Path> files = Files.list(checkpoint.folder())) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.startsWith("model") && name.contains(".safetensors")) {
          Files.copy(file, copy.resolve(name));
        }
      }
    }
    return copy;
  }

  private void keep(Saved checkpoint, Path tensors) throws IOException {
    int step = checkpoint.step();
    StageStart start = plan.start();
    ObjectNode state = JsonMapper.shared().createObjectNode();
    state.put("kind", spec.kind().word());
    state.put("step", step);
    state.put("tokens", tokens.upTo(step));
    state.put("seed", spec.seed());
    // It knows no other.
    state.put(StageState.PRECISION, Precision.BF16.word());
    program.takeState(checkpoint, tensors.resolve(STATE));
    last =
        AdoptedCheckpoint.of(
                tensors,
                spec.output().resolve("step-" + step),
                start.model(),
                step,
                start.tokenizer().resolve(Tokenizer.FILE),
                state,
                events)
            .path();
    lastStep = step;
    events.checkpoint(step, tokens.upTo(step), last);
  }

  private StageResult conclude(int status) throws CheckpointException {
    Lost lost = progress.lost();
    if (lost != null) {
      throw LostFooting.failure(
          spec.stage(), lost.seen(), spec.settings().number("learningRate", 0));
    }
    if (status == 0) {
      held.requireWhole();
    }
    if (last != null && lastStep == plan.steps() && status == 0) {
      Map<String, Object> properties = Map.of("step", lastStep, "tokens", tokens.upTo(lastStep));
      outputs.put("checkpoint", new Output(ArtifactKind.CHECKPOINT, last, properties));
      return new Done(outputs);
    }
    if (stopping) {
      return new Stopped(last == null ? plan.start().step() : lastStep);
    }
    String error = progress.error();
    throw new StageFailure(
        FailureClass.PLATFORM,
        "open-instruct ended with status %d after step %d of %d: %s"
            .formatted(
                status,
                progress.step(),
                plan.steps(),
                error == null ? "the attempt's log says why" : error));
  }
}
