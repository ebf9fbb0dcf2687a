package dev.modelflow.cli.bench.engine;

import dev.modelflow.bench.BenchFolder;
import dev.modelflow.bench.BenchSize;
import dev.modelflow.bench.EngineBench;
import dev.modelflow.bench.EngineReport;
import dev.modelflow.bench.PytorchScript;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.pool.TrainerSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures one size: the engine at each precision and PyTorch's columns, each a process or a part
 * of one, make a round by turns, so that whatever else happens on the machine happens to all.
 */
final class SizeMeasure implements AutoCloseable {
  private final EngineOptions options;
  private final BenchSize size;
  private final Consumer<String> progress;
  private final Map<Precision, MeasuredProcess> engines = new LinkedHashMap<>();
  private final List<MeasuredProcess> processes = new ArrayList<>();
  private final List<Column> engineColumns = new ArrayList<>();
  private final List<Column> pytorchColumns = new ArrayList<>();

  /**
   * Starts the processes, which wait to be asked.
   *
   * @param folder empty or not there
   */
  SizeMeasure(
      EngineOptions options,
      BenchSize size,
      Pytorch pytorch,
      Path folder,
      Consumer<String> progress)
      throws IOException {
    this.options = options;
    this.size = size;
    this.progress = progress;
    for (Precision precision : Precision.values()) {
      startEngine(precision, folder.resolve(precision.word()));
    }
    if (pytorch.python() != null) {
      startPytorch(pytorch, Files.createDirectories(folder.resolve("pytorch")));
    }
  }

  private void startEngine(Precision precision, Path folder) throws IOException {
    Path spec = BenchFolder.write(folder, size, precision, options.device(), options.threads());
    MeasuredProcess process =
        started(
            "The engine in " + precision.word(),
            TrainerSetup.engineProcess(
                EngineBench.class.getName(), options.threads(), spec.toString()));
    engines.put(precision, process);
    engineColumns.add(new Column(precision.word(), process, "round"));
  }

  private void startPytorch(Pytorch pytorch, Path folder) throws IOException {
    Path script = PytorchScript.unpack(folder);
    MeasuredProcess process = started("PyTorch", pytorch.process(script, size, options));
    for (String column : Pytorch.COLUMNS) {
      pytorchColumns.add(new Column(column, process, column));
    }
  }

  private MeasuredProcess started(String name, ProcessBuilder builder) throws IOException {
    MeasuredProcess process = MeasuredProcess.start(name, builder);
    processes.add(process);
    return process;
  }

  Measured measure() throws IOException, InterruptedException {
    for (int round = 0; round <= options.rounds(); round++) {
      round(round);
    }
    List<Measured.Engine> engine = new ArrayList<>();
    int next = 0;
    for (MeasuredProcess process : engines.values()) {
      Column column = engineColumns.get(next++);
      progress.accept("%s: parts of a step in %s".formatted(size.name(), column.name()));
      EngineReport report =
          JsonMapper.shared().readValue(process.ask(EngineBench.REPORT), EngineReport.class);
      engine.add(new Measured.Engine(column.name(), column.rate(), report));
    }
    Map<String, Rate> pytorch = new LinkedHashMap<>();
    pytorchColumns.forEach(column -> pytorch.put(column.name(), column.rate()));
    return new Measured(size, engine, pytorch);
  }

  private void round(int round) throws IOException, InterruptedException {
    progress.accept(
        round == 0
            ? size.name() + ": warming up"
            : "%s: round %d of %d".formatted(size.name(), round, options.rounds()));
    for (Column column : engineColumns) {
      column.round(options.seconds());
    }
    for (Column column : pytorchColumns) {
      column.round(options.seconds());
    }
  }

  @Override
  public void close() {
    processes.forEach(MeasuredProcess::close);
  }
}
