package dev.modelflow.bench;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.generate.Continuation;
import dev.modelflow.engine.generate.Generator;
import dev.modelflow.engine.generate.Request;
import dev.modelflow.engine.learn.Learner;
import dev.modelflow.engine.learn.NextToken;
import dev.modelflow.engine.learn.StepLoss;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.optim.AdamW;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.Tensors;
import dev.modelflow.plan.FlopCount;
import dev.modelflow.recipe.ModelShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures the tiny flow's model: {@code EngineBench THREADS STEPS} prints an {@link EngineReport}
 * as JSON. It must run in a process of its own, in the environment of a trainer.
 */
public final class EngineBench {
  private static final int LONGEST = 512;
  private static final ModelConfig MODEL =
      new ModelConfig(4, 128, 4, 352, 2048, LONGEST, 8, 10_000, null);
  private static final int TOKENS = 1024;
  private static final int GEMM = 768;
  private static final int PROMPT = 40;
  private static final int ANSWER = 20;

  private final int steps;
  private final Lanes lanes;
  private final Parameters weights;
  private final Decoder decoder;

  private EngineBench(int threads, int steps) {
    this.steps = steps;
    lanes = new Lanes(threads);
    weights =
        Parameters.initialized(new ParameterLayout(MODEL), new Initialization(0.5, 0.06, 0.3), 1);
    decoder = new Decoder(MODEL, LONGEST);
  }

  /** Measures and prints. */
  public static void main(String[] arguments) throws IOException {
    EngineBench bench =
        new EngineBench(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    System.out.println(JsonMapper.shared().writeValueAsString(bench.measure()));
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private EngineReport measure() throws IOException {
    double peak = gemm();
    return new EngineReport(
        weights.layout().size(),
        lanes.count(),
        peak,
        List.of(training(8, TOKENS / 8, peak), training(2, TOKENS / 2, peak)),
        List.of(generation(1), generation(64)),
        peakMegabytes());
  }

  /** Square products that fit the cache, the best of some rounds. */
  private double gemm() {
    double best = 0;
    for (int round = 0; round < 5; round++) {
      double seconds = seconds(() -> lanes.run(lane -> products()));
      best = Math.max(best, lanes.count() * 10 * 2.0 * GEMM * GEMM * GEMM / seconds / 1e9);
    }
    return best;
  }

  private static int products() {
    Tensor a = Tensors.zeros(GEMM, GEMM);
    Tensor product = Tensors.zeros(GEMM, GEMM);
    for (int i = 0; i < 10; i++) {
      torch.mm_out(product, a, a);
    }
    return 0;
  }

  private EngineReport.Training training(int rows, int length, double peak) {
    double[] data = new double[steps];
    double[] whole = new double[steps];
    double[] update = new double[steps];
    try (AdamW optimizer = new AdamW(new AdamW.Settings(0.9, 0.95, 1e-8, 0.1), weights);
        Learner learner = new Learner(decoder, weights, optimizer, lanes, 1);
        Parameters gradient = new Parameters(weights.layout())) {
      for (int step = -3; step < steps; step++) {
        int at = Math.max(0, step);
        PackedRows[] packed = new PackedRows[1];
        int number = step;
        data[at] = seconds(() -> packed[0] = rows(rows, length, number));
        whole[at] =
            seconds(
                () -> learner.step(NextToken.split(packed[0], 512, 1e-5, new StepLoss()), 1e-4));
        update[at] = seconds(() -> update(optimizer, gradient));
      }
    }
    double median = median(whole) + median(data);
    double flops = FlopCount.training(shape(), (long) rows * length, length);
    return new EngineReport.Training(
        rows,
        length,
        rows * length / median,
        1000 * median(data),
        1000 * (median(whole) - median(update)),
        1000 * median(update),
        flops / median / 1e9 / peak);
  }

  private static ModelShape shape() {
    Map<String, Object> keys = new HashMap<>();
    keys.put("layers", (long) MODEL.layers());
    keys.put("width", (long) MODEL.width());
    keys.put("heads", (long) MODEL.heads());
    keys.put("feedForward", (long) MODEL.feedForward());
    keys.put("vocabulary", (long) MODEL.vocabulary());
    keys.put("slidingWindow", (long) MODEL.slidingWindow());
    return new ModelShape(keys);
  }

  /** What a step does after its backward pass, on gradients of zero. */
  private void update(AdamW optimizer, Parameters gradient) {
    long size = weights.layout().size();
    optimizer.begin();
    lanes.run(
        lane -> {
          long from = size * lane / lanes.count();
          long to = size * (lane + 1) / lanes.count();
          Tensor part = gradient.flat().narrow(0, from, to - from);
          double norm = part.dot(part).item_float();
          optimizer.update(gradient.flat(), 0.5, 0, from, to);
          return norm;
        });
  }

  private static PackedRows rows(int rows, int length, int step) {
    CounterRandom random = CounterRandom.of(step, "bench");
    List<List<Sequence>> all = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int[] tokens = new int[length];
      int[] targets = new int[length];
      for (int i = 0; i < length; i++) {
        tokens[i] = 4 + random.at(row).below(2044, i);
        targets[i] = 4 + random.at(row).below(2044, i + 1);
      }
      all.add(List.of(new Sequence(tokens, targets)));
    }
    return PackedRows.of(all, length);
  }

  private EngineReport.Generation generation(int batch) {
    Generator generator = new Generator(decoder, weights, lanes);
    List<Request> requests =
        IntStream.range(0, batch)
            .mapToObj(i -> new Request(prompt(i), List.of(CounterRandom.of(i, "answers"))))
            .toList();
    double[] rates = new double[5];
    for (int round = -1; round < rates.length; round++) {
      int[] tokens = new int[1];
      double seconds =
          seconds(
              () ->
                  tokens[0] =
                      generator.generate(requests, 1, ANSWER).stream()
                          .flatMap(List::stream)
                          .map(Continuation::tokens)
                          .mapToInt(said -> said.length)
                          .sum());
      rates[Math.max(0, round)] = tokens[0] / seconds;
    }
    return new EngineReport.Generation(batch, median(rates));
  }

  private static int[] prompt(int item) {
    CounterRandom random = CounterRandom.of(item, "prompts");
    return IntStream.range(0, PROMPT).map(i -> 4 + random.below(2044, i)).toArray();
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    try (PointerScope _ = new PointerScope()) {
      work.run();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** The kernel's own count; 0 where it keeps none. */
  private static long peakMegabytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0L);
    }
  }
}
