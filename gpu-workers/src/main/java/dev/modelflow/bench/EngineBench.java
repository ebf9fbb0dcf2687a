package dev.modelflow.bench;

import dev.modelflow.engine.stage.Stages;
import dev.modelflow.engine.tensor.Device;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.objects.Folders;
import dev.modelflow.plan.FlopCount;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures one stage of the engine in turn with others: {@code EngineBench SPEC.json}. It must run
 * in a process of its own, in the environment of a trainer. What {@link Turns} describes comes
 * first; the line {@value #REPORT} is then answered with an {@link EngineReport}.
 */
public final class EngineBench {
  /** The line that ends the rounds and asks for everything else. */
  public static final String REPORT = "report";

  private EngineBench() {}

  /** Measures what standard input asks for; answers go to standard output. */
  public static void main(String[] arguments) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err);
    BufferedReader asked =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    BenchStage stage = BenchStage.read(Path.of(arguments[0]));
    LibTorch.start(stage.device());
    answer(stage, asked, answers);
    Runtime.getRuntime().halt(0);
  }

  static void answer(BenchStage stage, BufferedReader asked, PrintStream answers)
      throws IOException {
    Turns turns = new Turns(asked, answers);
    Stages.run(stage.spec(), turns);
    Folders.delete(stage.spec().output());
    if (turns.last().equals(REPORT)) {
      answers.println(JsonMapper.shared().writeValueAsString(report(stage)));
      answers.flush();
    }
  }

  private static EngineReport report(BenchStage stage) throws IOException {
    long megabytes = stage.device() == Device.CPU ? ProcessMemory.most() : 0;
    Checkpoints checkpoints = new CheckpointMeasure(stage).measure();
    try (Lanes lanes = new Lanes(stage.spec().threads());
        BenchModel model = BenchModel.of(stage);
        PartsMeasure parts = new PartsMeasure(stage, model, lanes)) {
      int length = stage.spec().model().context();
      return new EngineReport(
          model.weights().layout().size(),
          FlopCount.training(stage.shape(), 1, length),
          megabytes,
          new GemmPeak(lanes, stage.precision().type()).measure(),
          parts.measure(),
          checkpoints,
          new GenerationMeasure(model, lanes).measure());
    }
  }
}
