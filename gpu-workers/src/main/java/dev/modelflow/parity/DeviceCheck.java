package dev.modelflow.parity;

import static dev.modelflow.parity.OutsideRun.CPU;
import static dev.modelflow.parity.RunChecks.KILLED_AT;

import dev.modelflow.parity.OutsideStages.Way;
import dev.modelflow.pool.TrainerSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has the engine do the stages of a toy flow on a GPU and on the processor, and compares them:
 * {@code DeviceCheck FOLDER [DEVICE]}. Prints a line for each check and exits with 1 if one fails.
 * It also kills the engine on the GPU and resumes it, has groups of one rank and of two talk over
 * NCCL, and tells how fast a larger model is trained.
 */
public final class DeviceCheck {
  private static final List<String> STAGES = List.of("pretrain", "midtrain", "long-context", "sft");
  private static final List<String> SAMPLING = List.of("dpo", "rlvr");

  /** Both compute in float32, in different orders, for up to thirty steps. */
  private static final double MOST_LOSS = 1e-3;

  private static final double MOST_WEIGHT = 1e-2;

  /** The same sums in another order; the losses are above 1, so this is no less in relation. */
  private static final double MOST_RANKS_LOSS = 1e-5;

  private static final String BF16 = "bf16";

  /** Eight bits of a number are left, so orders of adding differ more. */
  private static final double MOST_BF16_LOSS = 5e-2;

  private final OutsideStages stages;
  private final Way cpu;
  private final Way gpu;
  private final Findings findings = new Findings();
  private final RunChecks checks;

  private DeviceCheck(Path folder, String device) throws IOException {
    stages = new OutsideStages(folder, OutsideToy.in(folder.resolve("toy")));
    TrainerSetup engine = TrainerSetup.engine(1);
    cpu = new Way("cpu", engine, CPU);
    gpu = new Way("gpu", engine, device);
    checks = new RunChecks(stages, findings, MOST_LOSS, MOST_WEIGHT);
  }

  /** Runs the checks. */
  public static void main(String[] arguments) throws Exception {
    DeviceCheck check =
        new DeviceCheck(
            Path.of(arguments[0]).toAbsolutePath(), arguments.length > 1 ? arguments[1] : "cuda:0");
    check.all();
    System.exit(check.findings.failed() ? 1 : 0);
  }

  private void all() throws IOException, InterruptedException {
    OutsideRun pretrained = compared(STAGES.getFirst(), null);
    repeated(STAGES.getFirst(), pretrained);
    halved(STAGES.getFirst());
    OutsideStages larger =
        new OutsideStages(stages.folder(), OutsideToy.larger(stages.folder().resolve("larger")));
    speed(larger, "float32");
    speed(larger.in(BF16), BF16);
    @Nullable Path before = pretrained.last();
    for (String stage : STAGES.subList(1, STAGES.size())) {
      before = compared(stage, before).last();
    }
    for (String stage : SAMPLING) {
      before = sampled(stage, before).last();
    }
    overNccl(STAGES.getFirst(), pretrained);
    ranks(STAGES.getFirst(), pretrained);
  }

  private OutsideRun compared(String stage, @Nullable Path before)
      throws IOException, InterruptedException {
    OutsideRun there = run(gpu, stage, before);
    checks.compare(stage, stages.run(cpu, stage, before), there);
    return there;
  }

  private OutsideRun sampled(String stage, @Nullable Path before)
      throws IOException, InterruptedException {
    OutsideRun once = run(gpu, stage, before);
    OutsideRun again = run(gpu.named("again"), stage, before);
    findings.check(
        stage + ": a second time it makes the same bytes",
        CheckpointFiles.areEqual(once.last(), again.last()));
    return once;
  }

  private OutsideRun run(Way way, String stage, @Nullable Path before)
      throws IOException, InterruptedException {
    return ended(way, stage, stages.run(way, stage, before));
  }

  private OutsideRun ended(Way way, String stage, OutsideRun run) {
    findings.check(
        "%s on %s ends with status %d".formatted(stage, way.device(), run.status()),
        run.status() == 0);
    return run;
  }

  /** A second run, and one that is killed and resumed, end with the bytes of the first. */
  private void repeated(String stage, OutsideRun whole) throws IOException, InterruptedException {
    findings.check(
        stage + ": a second time it makes the same bytes",
        CheckpointFiles.areEqual(whole.last(), run(gpu.named("again"), stage, null).last()));
    checks.killAndResume(gpu, stage, whole);
  }

  private void overNccl(String stage, OutsideRun alone) throws IOException, InterruptedException {
    String place = stages.folder().resolve("rendezvous").toString();
    Way one = gpu.with("nccl", Map.of("ranks", Map.of("rank", 0, "size", 1, "rendezvous", place)));
    OutsideRun group = run(one, stage, null);
    findings.check(
        stage + ": one rank over NCCL makes the bytes of none",
        CheckpointFiles.areEqual(group.last(), alone.last()));
  }

  /** Two ranks that add up their slopes over NCCL compute what one does, again and after a kill. */
  private void ranks(String stage, OutsideRun alone) throws IOException, InterruptedException {
    OutsideRanks two = new OutsideRanks(stages, gpu, 2);
    List<OutsideRun> whole = two.run("ranks", stage, 0);
    findings.check(
        "%s: two ranks over NCCL end with %s".formatted(stage, statuses(whole)),
        whole.stream().allMatch(rank -> rank.status() == 0));
    OutsideRun leading = whole.getFirst();
    findings.losses(stage + " by two ranks", alone, leading, MOST_RANKS_LOSS);
    OutsideRun again = two.run("ranks-again", stage, 0).getFirst();
    findings.check(
        stage + ": a second time two ranks make the same bytes",
        CheckpointFiles.areEqual(leading.last(), again.last()));
    fewer(stage, two, leading);
  }

  /** One rank goes on with the checkpoint of two, of which one was killed. */
  private void fewer(String stage, OutsideRanks two, OutsideRun whole)
      throws IOException, InterruptedException {
    List<OutsideRun> killed = two.run("ranks-killed", stage, KILLED_AT);
    findings.check(
        "%s: one of two ranks is killed, they end with %s".formatted(stage, statuses(killed)),
        killed.stream().noneMatch(rank -> rank.status() == 0));
    @Nullable Path kept = killed.getFirst().checkpoints().get(KILLED_AT);
    if (kept == null) {
      findings.check(stage + ": two ranks have a checkpoint before the kill", false);
      return;
    }
    Way alone = gpu.named("fewer");
    OutsideRun resumed =
        ended(alone, stage, stages.run(alone, stage, null, OutsideRun.resume(kept, KILLED_AT), 0));
    findings.losses(stage + " gone on with by one rank", whole, resumed, MOST_RANKS_LOSS);
  }

  private static String statuses(List<OutsideRun> ranks) {
    return ranks.stream()
        .map(rank -> String.valueOf(rank.status()))
        .collect(Collectors.joining(" and "));
  }

  /** Linear layers in bf16 on both. */
  private void halved(String stage) throws IOException, InterruptedException {
    OutsideStages halved = stages.in(BF16);
    Way processor = cpu.named("cpu-" + BF16);
    Way device = gpu.named(BF16);
    OutsideRun here = ended(processor, stage, halved.run(processor, stage, null));
    OutsideRun there = ended(device, stage, halved.run(device, stage, null));
    findings.losses(stage + " in " + BF16, here, there, MOST_BF16_LOSS);
  }

  private void speed(OutsideStages larger, String precision)
      throws IOException, InterruptedException {
    OutsideRun run = larger.run(gpu.named("speed-" + precision), "pretrain", null);
    findings.check("a larger model ends with status " + run.status(), run.status() == 0);
    findings.tell(
        "a model of %s is trained with %,.0f tokens/s in %s"
            .formatted(larger.toy().plan().model(), run.tokensPerSecond(), precision));
  }
}
