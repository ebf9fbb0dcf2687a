package dev.modelflow.pool;

import dev.modelflow.domain.StageKind;
import dev.modelflow.worker.StageContext;
import dev.modelflow.worker.StageExecutor;
import dev.modelflow.worker.StageOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Does the stages that import, train or measure a model, each attempt in a trainer process of its
 * own under docs/trainer-contract.md, one trainer a device.
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
          StageKind.EVALUATE);

  private final TrainerSetup engine;
  private final OutsideTrainers others;
  private final DeviceLocks locks;
  private final BlockingQueue<Device> free;

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
    this.free = new LinkedBlockingQueue<>(devices);
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
    Device device = free.take();
    TrainerProcess trainer;
    try {
      context.device(device.toString());
      trainer = start(setup, context, device, SpecWriter.write(context, device));
    } catch (Exception notStarted) {
      free.add(device);
      throw notStarted;
    }
    trainer.onceEnded(() -> free.add(device));
    try (trainer;
        CheckpointUploads uploads = new CheckpointUploads(context)) {
      return new TrainerSession(setup, context, trainer, uploads).follow();
    }
  }

  private TrainerProcess start(TrainerSetup setup, StageContext context, Device device, Path spec)
      throws IOException {
    List<String> command = new ArrayList<>(setup.command());
    command.add(spec.toString());
    Map<String, String> environment = new HashMap<>(setup.environment());
    environment.putAll(device.environment());
    return TrainerProcess.start(locks.guard(device, command), environment, context);
  }
}
