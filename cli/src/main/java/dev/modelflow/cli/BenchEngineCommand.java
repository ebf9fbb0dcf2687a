package dev.modelflow.cli;

import dev.modelflow.cli.bench.EngineMeasurement;
import dev.modelflow.cli.stack.StackException;
import dev.modelflow.cli.view.Numbers;
import dev.modelflow.cli.view.Table;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "engine",
    description = {
      "Measures the training engine on this machine with the tiny flow's model,",
      "in float32. Needs no stack; other work on the machine spoils the numbers."
    },
    footer = {"", "Example: modelflow bench engine --threads 2"})
final class BenchEngineCommand extends Base {
  @Option(names = "--threads", description = "Cores to use (default: all of them).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--steps",
      description = "Steps to measure of each shape (default: ${DEFAULT-VALUE}).")
  private int steps = 40;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    if (threads < 1 || steps < 1) {
      throw new UsageException("--threads and --steps must be at least 1");
    }
    JsonNode report = measure();
    if (json) {
      sayJson(report);
    } else {
      show(report);
    }
    return 0;
  }

  private JsonNode measure() throws InterruptedException {
    try {
      return EngineMeasurement.measure(threads, steps);
    } catch (IOException failure) {
      throw new StackException(
          failure.getMessage() + "; what it said stands above. Free memory, or use fewer --threads",
          failure);
    }
  }

  private void show(JsonNode report) {
    say(
        "%s parameters, %d threads, float32; large matrix products reach %s GFLOP/s; %d MB at most"
            .formatted(
                Numbers.brief(report.path("parameters").asDouble()),
                threads,
                Numbers.brief(report.path("gemmGflops").asDouble()),
                report.path("peakMegabytes").asLong()));
    say("");
    training(report.path("training")).render().forEach(this::say);
    say("");
    Table answers = new Table(">answers at once", ">generated tokens/s");
    for (JsonNode batch : report.path("generation")) {
      answers.add(batch.path("batch").asInt(), whole(batch, "tokensPerSecond"));
    }
    answers.render().forEach(this::say);
    say("");
    say("Of peak: 6 N + 12 d a L operations a token (N without the embedding table, a the");
    say("positions that a token of a layer sees on average) over what matrix products reach.");
  }

  private static Table training(JsonNode shapes) {
    Table table =
        new Table(
            ">rows",
            ">length",
            ">tokens/s",
            ">data ms",
            ">forward+backward ms",
            ">optimizer ms",
            ">of peak");
    for (JsonNode shape : shapes) {
      table.add(
          shape.path("rows").asInt(),
          shape.path("length").asInt(),
          whole(shape, "tokensPerSecond"),
          decimals(shape, "dataMilliseconds"),
          decimals(shape, "passMilliseconds"),
          decimals(shape, "optimizerMilliseconds"),
          Math.round(100 * shape.path("peakShare").asDouble()) + " %");
    }
    return table;
  }

  private static long whole(JsonNode node, String key) {
    return Math.round(node.path(key).asDouble());
  }

  private static String decimals(JsonNode node, String key) {
    return String.format(Locale.ROOT, "%.2f", node.path(key).asDouble());
  }
}
