package dev.modelflow.parity;

import dev.modelflow.domain.StagePlan;
import dev.modelflow.engine.checkpoint.Safetensors.Shape;
import dev.modelflow.engine.checkpoint.SafetensorsFile;
import dev.modelflow.objects.Digests;
import dev.modelflow.pool.TrainerSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Has OLMo-core and this engine do the same stages of a toy flow under the trainer contract and
 * compares them: {@code OutsideCheck FOLDER PYTHON}. Prints a line for each check and exits with 1
 * if one fails. Each stage begins with OLMo-core's checkpoint of the one before.
 */
public final class OutsideCheck {
  private static final List<String> STAGES = List.of("pretrain", "midtrain", "long-context", "sft");
  private static final int KILLED_AT = 10;

  /** Both compute in float32, in different orders. */
  private static final double MOST_LOSS = 1e-5;

  private static final double MOST_WEIGHT = 1e-3;

  private final Path folder;
  private final OutsideToy toy;
  private final TrainerSetup engine;
  private final TrainerSetup olmoCore;
  private boolean failed;

  private OutsideCheck(Path folder, Path python) throws IOException, InterruptedException {
    this.folder = folder;
    toy = OutsideToy.in(folder.resolve("toy"));
    engine = TrainerSetup.engine(1);
    olmoCore = TrainerSetup.olmoCore(python, 1);
  }

  /** Runs the checks. */
  public static void main(String[] arguments) throws Exception {
    OutsideCheck check =
        new OutsideCheck(Path.of(arguments[0]).toAbsolutePath(), Path.of(arguments[1]));
    check.stages();
    System.exit(check.failed ? 1 : 0);
  }

  private void stages() throws IOException, InterruptedException {
    Path before = null;
    for (String stage : STAGES) {
      OutsideRun theirs = run(olmoCore, "olmo-core", stage, before, null, 0);
      check(stage + ": OLMo-core ends with status " + theirs.status(), theirs.status() == 0);
      OutsideRun ours = run(engine, "engine", stage, before, null, 0);
      compare(stage, theirs, ours);
      if (stage.equals("pretrain")) {
        resumed(stage, theirs);
        continuedByTheEngine(stage, theirs);
      }
      before = theirs.last();
    }
  }

  private void compare(String stage, OutsideRun theirs, OutsideRun ours) throws IOException {
    losses(stage, theirs, ours);
    Path their = theirs.last();
    Path our = ours.last();
    if (their == null || our == null) {
      check(stage + ": both have a checkpoint", false);
      return;
    }
    double most = largestDifference(their, our);
    check(
        "%s: weights differ by at most %.1e of a tensor's largest".formatted(stage, most),
        most <= MOST_WEIGHT);
    check(
        stage + ": config.json, trainer_state.json and tokenizer.json are equal",
        Stream.of("config.json", "trainer_state.json", "tokenizer.json")
            .allMatch(name -> equal(their.resolve(name), our.resolve(name))));
  }

  private void losses(String stage, OutsideRun theirs, OutsideRun ours) {
    double most = 0;
    for (Map.Entry<Integer, Double> loss : ours.losses().entrySet()) {
      most =
          Math.max(
              most,
              Math.abs(
                  loss.getValue() - theirs.losses().getOrDefault(loss.getKey(), Double.MAX_VALUE)));
    }
    int steps = ours.losses().size();
    check(
        "%s: losses of %d steps differ by at most %.1e (last: %.4f)"
            .formatted(stage, steps, most, ours.losses().getOrDefault(steps, Double.NaN)),
        steps > 0 && most <= MOST_LOSS);
  }

  /** After kill -9, OLMo-core goes on from our checkpoint and ends with the same bytes. */
  private void resumed(String stage, OutsideRun whole) throws IOException, InterruptedException {
    OutsideRun killed = run(olmoCore, "killed", stage, null, null, KILLED_AT);
    Path kept = killed.checkpoints().get(KILLED_AT);
    if (kept == null) {
      check(stage + ": a checkpoint before the kill", false);
      return;
    }
    OutsideRun resumed =
        run(olmoCore, "resumed", stage, null, OutsideRun.resume(kept, KILLED_AT), 0);
    check(
        "%s: killed with status %d, goes on after step %d"
            .formatted(stage, killed.status(), resumed.started()),
        resumed.started() == KILLED_AT && resumed.status() == 0);
    Path last = resumed.last();
    Path expected = whole.last();
    check(
        stage + ": its last checkpoint has the bytes of the undisturbed one",
        last != null && expected != null && digests(last).equals(digests(expected)));
  }

  /** The same stage, begun by OLMo-core and ended by this engine. */
  private void continuedByTheEngine(String stage, OutsideRun whole)
      throws IOException, InterruptedException {
    Path kept = whole.checkpoints().get(KILLED_AT);
    if (kept == null) {
      check(stage + ": a checkpoint to branch from", false);
      return;
    }
    OutsideRun branch = run(engine, "branch", stage, null, OutsideRun.resume(kept, KILLED_AT), 0);
    check(
        "%s: the engine goes on with OLMo-core's checkpoint after step %d"
            .formatted(stage, branch.started()),
        branch.started() == KILLED_AT && branch.status() == 0);
    losses(stage + " from there", whole, branch);
  }

  private OutsideRun run(
      TrainerSetup trainer,
      String name,
      String stage,
      @Nullable Path before,
      @Nullable Map<String, Object> resume,
      int killAt)
      throws IOException, InterruptedException {
    StagePlan plan = toy.stage(stage);
    Map<String, Object> spec = new LinkedHashMap<>();
    Map<String, String> inputs = toy.inputs(stage);
    if (before != null) {
      inputs.put("checkpoint", before.toString());
    }
    spec.put("contract", 1);
    spec.put("run", "toy");
    spec.put("stage", stage);
    spec.put("kind", plan.kind().word());
    spec.put("epoch", 1);
    spec.put("seed", plan.seed());
    spec.put("model", toy.plan().model());
    spec.put("parameters", plan.parameters());
    spec.put("inputs", inputs);
    if (resume != null) {
      spec.put("resume", resume);
    }
    spec.put("device", Map.of("kind", "cpu", "threads", 1, "precision", "float32"));
    return OutsideRun.of(trainer, folder.resolve(stage + "-" + name), spec, killAt);
  }

  private void check(String what, boolean good) {
    System.out.printf("%-7s %s%n", good ? "ok" : "FAILED", what);
    failed |= !good;
  }

  private static double largestDifference(Path their, Path our) throws IOException {
    double most = 0;
    try (SafetensorsFile theirs = SafetensorsFile.open(their.resolve("model.safetensors"));
        SafetensorsFile ours = SafetensorsFile.open(our.resolve("model.safetensors"))) {
      for (Shape shape : ours.shapes()) {
        float[] a = ours.read(shape.name());
        float[] b = theirs.read(shape.name());
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < a.length; i++) {
          largest = Math.max(largest, Math.abs(a[i]));
          difference = Math.max(difference, Math.abs(a[i] - b[i]));
        }
        most = Math.max(most, difference / largest);
      }
    }
    return most;
  }

  private static boolean equal(Path one, Path other) {
    try {
      return Files.mismatch(one, other) < 0;
    } catch (IOException missing) {
      return false;
    }
  }

  private static Map<String, String> digests(Path checkpoint) throws IOException {
    Map<String, String> digests = new HashMap<>();
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.toList()) {
        digests.put(String.valueOf(file.getFileName()), Digests.of(file).hex());
      }
    }
    return new TreeMap<>(digests);
  }
}
