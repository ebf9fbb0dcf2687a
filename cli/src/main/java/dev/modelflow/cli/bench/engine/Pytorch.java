package dev.modelflow.cli.bench.engine;

import dev.modelflow.bench.BenchSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The PyTorch that the engine is compared with, if any.
 *
 * @param python its interpreter; null: there is none
 * @param said its version and where it is, or why there is none
 */
public record Pytorch(@Nullable Path python, String said) {
  static final List<String> COLUMNS =
      List.of("eager float32", "compile float32", "eager bf16", "compile bf16");

  private static final String PARITY = "parity/venv/bin/python";
  private static final long PATIENCE_SECONDS = 120;

  /** None, because nobody wants one. */
  public static Pytorch unwanted() {
    return new Pytorch(null, "PyTorch is left out, as --no-python asks");
  }

  /**
   * The one of the parity lane, if that was ever run.
   *
   * @param state folder of everything that lasts
   */
  public static Pytorch ofParityLane(Path state) throws InterruptedException {
    Path python = state.resolve(PARITY);
    return Files.isExecutable(python)
        ? of(python)
        : new Pytorch(
            null,
            "PyTorch is not measured: there is none in %s; modelflow test --parity installs it, --python names another"
                .formatted(python));
  }

  /**
   * The one of this interpreter.
   *
   * @throws IllegalArgumentException when it cannot be run or has none
   */
  public static Pytorch of(Path python) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(python.toString(), "-c", "import torch; print(torch.__version__)")
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      List<String> lines =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .strip()
              .lines()
              .toList();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalArgumentException(
            "%s has no PyTorch (%s): install it there, or name another with --python"
                .formatted(python, lines.isEmpty() ? "it says nothing" : lines.getLast()));
      }
      return new Pytorch(python, "PyTorch %s of %s".formatted(lines.getLast(), python));
    } catch (IOException failure) {
      throw new IllegalArgumentException(
          "%s cannot be run (%s): name a Python interpreter with --python"
              .formatted(python, failure.getMessage()),
          failure);
    }
  }

  /** A process that trains this size in plain PyTorch, in the environment of any Python program. */
  ProcessBuilder process(Path script, BenchSize size, EngineOptions options) {
    String threads = Integer.toString(options.threads());
    ProcessBuilder builder =
        new ProcessBuilder(
            String.valueOf(python),
            "-B",
            script.toString(),
            JsonMapper.shared().writeValueAsString(size),
            threads,
            options.device().kind());
    builder.environment().put("OMP_NUM_THREADS", threads);
    return builder;
  }
}
