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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Does the stages that import, train, merge or measure models, each attempt in a trainer process of
 * its own under docs/trainer-contract.md, one trainer a device.
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

  private final TrainerSetup setup;
  private final DeviceLocks locks;
  private final BlockingQueue<Device> free;

  /** Trainers of {@code setup} on these devices, which other workers keep away from. */
  public GpuStageExecutor(TrainerSetup setup, List<Device> devices, DeviceLocks locks) {
    this.setup = setup;
    this.locks = locks;
    this.free = new LinkedBlockingQueue<>(devices);
  }

  @Override
  public Set<StageKind> kinds() {
    return Set.copyOf(KINDS);
  }

  @Override
  public String codeVersion(StageKind kind) {
    return setup.version();
  }

  @Override
  public Map<String, StageOutput> execute(StageContext context) throws Exception {
    Device device = free.take();
    TrainerProcess trainer;
    try {
      context.device(device.toString());
      trainer = start(context, device, SpecWriter.write(context, device));
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

  private TrainerProcess start(StageContext context, Device device, Path spec) throws IOException {
    List<String> command = new ArrayList<>(setup.command());
    command.add(spec.toString());
    Map<String, String> environment = new HashMap<>(setup.environment());
    environment.putAll(device.environment());
    return TrainerProcess.start(locks.guard(device, command), environment, context);
  }
}
