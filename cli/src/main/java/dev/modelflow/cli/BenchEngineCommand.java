package dev.modelflow.cli;

import dev.modelflow.cli.bench.engine.EngineBenchReport;
import dev.modelflow.cli.bench.engine.EngineBenchmark;
import dev.modelflow.cli.bench.engine.EngineOptions;
import dev.modelflow.cli.bench.engine.EngineTables;
import dev.modelflow.cli.bench.engine.Pytorch;
import dev.modelflow.cli.stack.StackException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "engine",
    description = {
      "Measures the training engine on this machine: how fast it trains and generates and where",
      "the time goes, beside the machine's fastest matrix products and the same model in PyTorch.",
      "Needs no stack; other work on the machine spoils the numbers. Exit code 1 if a bar is missed.",
      "PyTorch is that of modelflow test --parity, where it is installed; what needs it is not",
      "measured without it."
    },
    footer = {
      "",
      "Example: modelflow bench engine --json",
      "A quick look: modelflow bench engine --sizes small --rounds 1 --seconds 1 --no-python --no-memory"
    })
final class BenchEngineCommand extends Base {
  @Option(
      names = "--device",
      description = {
        "cpu, or cuda:0 for the first GPU that CUDA shows, in a build with CUDA; there, memory is",
        "not measured and no bar is held (default: ${DEFAULT-VALUE})."
      })
  private String device = "cpu";

  @Option(names = "--threads", description = "Cores to use (default: all of them).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--sizes",
      split = ",",
      paramLabel = "SIZE",
      description = "Of tiny, tiny-long, small and large, separated by commas (default: all).")
  private List<String> sizes = List.of();

  @Option(
      names = "--rounds",
      description = "Rounds of each column, besides a warm-up (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(names = "--seconds", description = "Least length of a round (default: ${DEFAULT-VALUE}).")
  private double seconds = 3;

  @Option(
      names = "--python",
      paramLabel = "PATH",
      description = "Python interpreter that has PyTorch (default: the parity lane's).")
  private @Nullable Path python;

  @Option(names = "--no-python", description = "Leave PyTorch out.")
  private boolean noPython;

  @Option(names = "--no-memory", description = "Leave out trainers' memory over 10,000 steps.")
  private boolean noMemory;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    EngineBenchReport report = measure();
    if (json) {
      sayJson(report);
    } else {
      EngineTables.lines(report).forEach(this::say);
    }
    return report.held() ? 0 : 1;
  }

  private EngineBenchReport measure() throws InterruptedException {
    EngineOptions options;
    Pytorch pytorch;
    try {
      EngineOptions all = EngineOptions.of(device, threads, sizes, rounds, seconds);
      options = noMemory ? all.withoutMemory() : all;
      pytorch = pytorch();
    } catch (IllegalArgumentException wrong) {
      throw new UsageException(String.valueOf(wrong.getMessage()));
    }
    try {
      return EngineBenchmark.measure(options, pytorch, this::tell);
    } catch (IOException failure) {
      throw new StackException(
          failure.getMessage()
              + "; what it said stands above. Free memory, or use fewer --threads or --sizes",
          failure);
    }
  }

  private Pytorch pytorch() throws InterruptedException {
    if (noPython) {
      return Pytorch.unwanted();
    }
    return python == null ? Pytorch.ofParityLane(control().state().root()) : Pytorch.of(python);
  }
}
