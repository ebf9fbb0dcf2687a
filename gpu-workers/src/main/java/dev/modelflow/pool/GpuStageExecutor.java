package dev.modelflow.pool;

import static java.util.stream.Collectors.joining;

import dev.modelflow.domain.Fingerprint;
import dev.modelflow.domain.StageKind;
import dev.modelflow.worker.StageContext;
import dev.modelflow.worker.StageExecutor;
import dev.modelflow.worker.StageOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Does the stages that import, train, merge or measure models, each attempt in a trainer process of
 * its own under docs/trainer-contract.md, or in several ranks that are one, each on a GPU of its
 * own or all on the processor.
 */
public final class GpuStageExecutor implements StageExecutor {
  private static final Set<StageKind> KINDS =
      EnumSet.of(
          StageKind.IMPORT,
          StageKind.PRETRAIN,
          StageKind.MIDTRAIN,
          StageKind.LONG_CONTEXT,
          StageKind.SFT,
          StageKind.DPO,
          StageKind.RLVR,
          StageKind.MERGE,
          StageKind.EVALUATE);

  private final TrainerSetup engine;
  private final OutsideTrainers others;
  private final DeviceLocks locks;
  private final FreeDevices devices;

  /** Trainers of {@code engine} on these devices, which other workers keep away from. */
  public GpuStageExecutor(TrainerSetup engine, List<Device> devices, DeviceLocks locks) {
    this(engine, OutsideTrainers.NONE, devices, locks);
  }

  /** The same with trainers of others for the stages that name them. */
  public GpuStageExecutor(
      TrainerSetup engine, OutsideTrainers others, List<Device> devices, DeviceLocks locks) {
    this.engine = engine;
    this.others = others;
    this.locks = locks;
    this.devices = new FreeDevices(devices);
  }

  @Override
  public Set<StageKind> kinds() {
    return Set.copyOf(KINDS);
  }

  @Override
  public String codeVersion(StageKind kind) {
    return engine.version();
  }

  @Override
  public Map<String, String> codeVersions() {
    Map<String, String> versions = new TreeMap<>(StageExecutor.super.codeVersions());
    versions.putAll(others.versions());
    return versions;
  }

  @Override
  public Map<String, StageOutput> execute(StageContext context) throws Exception {
    TrainerSetup setup = others.of(context.parameters(), engine);
    int ranks = ranks(context);
    List<Device> taken = devices.take(ranks, context.stage(), context::throwIfStopped);
    TrainerRanks trainer;
    try {
      trainer = start(setup, context, each(taken, ranks));
    } catch (Exception notStarted) {
      devices.give(taken);
      throw notStarted;
    }
    trainer.onceEnded(() -> devices.give(taken));
    try (trainer;
        CheckpointUploads uploads = new CheckpointUploads(context)) {
      return new TrainerSession(setup, context, trainer, uploads).follow();
    }
  }

  /** How many processes train together. */
  private static int ranks(StageContext context) {
    return context.parameters().get(Fingerprint.RANKS) instanceof Number ranks
        ? ranks.intValue()
        : 1;
  }

  /** What each rank computes on. */
  private static List<Device> each(List<Device> taken, int ranks) {
    return taken.size() == ranks
        ? taken
        : Collections.nCopies(ranks, taken.getFirst().shared(ranks));
  }

  private TrainerRanks start(TrainerSetup setup, StageContext context, List<Device> each)
      throws IOException {
    context.device(describe(each, StagePrecision.of(context.parameters(), each.getFirst())));
    context.environment(environment(setup, each.getFirst()));
    List<TrainerProcess> started = new ArrayList<>();
    try {
      for (int rank = 0; rank < each.size(); rank++) {
        Path spec = SpecWriter.write(context, each.get(rank), rank, each.size());
        started.add(start(setup, context, each.get(rank), rank, spec));
      }
      return new TrainerRanks(started);
    } catch (IOException | RuntimeException notAll) {
      started.forEach(TrainerProcess::close);
      throw notAll;
    }
  }

  private static String describe(List<Device> each, String precision) {
    String devices =
        each.stream().map(device -> device + ", " + precision).distinct().collect(joining("; "));
    return each.size() == 1 ? devices : each.size() + " ranks, each " + devices;
  }

  private TrainerProcess start(
      TrainerSetup setup, StageContext context, Device device, int rank, Path spec)
      throws IOException {
    List<String> command = new ArrayList<>(setup.command());
    command.add(spec.toString());
    Map<String, String> environment = environment(setup, device);
    environment.putAll(device.environment());
    return TrainerProcess.start(locks.guard(device, command), environment, rank, context);
  }

  /** What results may hang on; which GPU it is shown is the device's. */
  private static Map<String, String> environment(TrainerSetup setup, Device device) {
    Map<String, String> environment = new TreeMap<>(setup.environment());
    environment.computeIfPresent("OMP_NUM_THREADS", (_, _) -> Integer.toString(device.threads()));
    return environment;
  }
}
