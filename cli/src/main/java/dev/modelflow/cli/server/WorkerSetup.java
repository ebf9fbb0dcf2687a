package dev.modelflow.cli.server;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.audit.Audits;
import dev.modelflow.calibrate.Choice;
import dev.modelflow.calibrate.Tuning;
import dev.modelflow.curate.CurateExecutor;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.TrainerName;
import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.microanneal.MicroannealExecutor;
import dev.modelflow.pool.DeviceException;
import dev.modelflow.pool.DeviceLocks;
import dev.modelflow.pool.Devices;
import dev.modelflow.pool.GpuStageExecutor;
import dev.modelflow.pool.OutsideTrainers;
import dev.modelflow.pool.RootedImports;
import dev.modelflow.pool.TrainerSetup;
import dev.modelflow.release.ReleaseExecutor;
import dev.modelflow.synthesize.SynthesizeExecutor;
import dev.modelflow.worker.StageExecutor;
import dev.modelflow.worker.WorkerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker as its environment describes it.
 *
 * @param config what it needs to begin
 * @param executors what does its pool's work
 */
record WorkerSetup(WorkerConfig config, List<StageExecutor> executors) {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerSetup.class);
  private static final String AUTO = "auto";
  private static final String CPU = "cpu";

  /** Takes the worker's devices; throws {@link SettingException} where something is wrong. */
  static WorkerSetup of(Settings settings, Map<String, String> environment)
      throws IOException, InterruptedException {
    String pool = settings.text(Setting.WORKER_POOL);
    return switch (pool) {
      case "cpu" -> cpu(settings);
      case "gpu" -> gpu(settings, environment);
      default ->
          throw new SettingException(
              "%s is '%s': expected cpu or gpu".formatted(Setting.WORKER_POOL.variable(), pool));
    };
  }

  private static WorkerSetup cpu(Settings settings) throws IOException {
    List<String> names = settings.list(Setting.WORKER_DEVICES);
    if (!names.equals(List.of(AUTO)) && !names.stream().allMatch(CPU::equals)) {
      throw new SettingException(
          "%s is '%s', but stages of pool 'cpu' run on the processor: expected auto, or cpu once for"
                  .formatted(
                      Setting.WORKER_DEVICES.variable(), settings.text(Setting.WORKER_DEVICES))
              + " each attempt that may run at a time");
    }
    WorkerConfig config = config(settings, names.stream().map(name -> WorkerDevice.cpu()).toList());
    return new WorkerSetup(
        config,
        List.of(
            new SynthesizeExecutor(),
            new CurateExecutor(),
            new MicroannealExecutor(),
            new ReleaseExecutor(artifact -> audit(config.ledger(), artifact))));
  }

  /** Releases are rare, so each connects anew. */
  private static ArtifactAudit audit(LedgerConfig ledger, Digest artifact) {
    LedgerConfig alone =
        new LedgerConfig(ledger.url(), ledger.user(), ledger.password(), 1, ledger.patience());
    try (Ledger open = Ledger.connect(alone)) {
      return new Audits(open).of(artifact);
    }
  }

  private static WorkerSetup gpu(Settings settings, Map<String, String> environment)
      throws IOException, InterruptedException {
    int threads = TrainerSetup.threads();
    TrainerSetup trainers = TrainerSetup.engine(threads, tuning(settings));
    try {
      DeviceLocks locks = new DeviceLocks(Path.of(settings.text(Setting.WORKER_LOCKS)));
      Devices machine = Devices.ofMachine(environment, locks, trainers);
      List<WorkerDevice> devices = devices(settings, machine);
      return new WorkerSetup(
          config(settings, devices),
          List.of(
              rooted(
                  settings,
                  new GpuStageExecutor(
                      trainers,
                      others(settings, threads),
                      machine.forTrainers(devices, threads),
                      locks))));
    } catch (DeviceException without) {
      throw new SettingException(
          "%s is '%s', but %s. Set it to 'cpu' to train on the processor all the same"
              .formatted(
                  Setting.WORKER_DEVICES.variable(),
                  settings.text(Setting.WORKER_DEVICES),
                  without.getMessage()));
    }
  }

  private static StageExecutor rooted(Settings settings, StageExecutor stages) {
    String root = settings.text(Setting.WORKER_IMPORT_ROOT);
    if (root.isEmpty()) {
      return stages;
    }
    try {
      return new RootedImports(stages, Path.of(root));
    } catch (IOException none) {
      throw new SettingException(
          "%s is '%s', which is no folder that can be read: make it, or name another"
              .formatted(Setting.WORKER_IMPORT_ROOT.variable(), root));
    }
  }

  /** What was measured never keeps a worker from its work. */
  private static Tuning tuning(Settings settings) {
    String file = settings.text(Setting.WORKER_CALIBRATION);
    Choice choice = file.isEmpty() ? Choice.usual() : Choice.of(Path.of(file));
    switch (choice.reason()) {
      case CALIBRATED, NEVER -> LOG.info("{}", choice.message());
      case OTHER_MACHINE, UNREADABLE -> LOG.warn("{}", choice.message());
    }
    return choice.tuning();
  }

  private static OutsideTrainers others(Settings settings, int threads)
      throws InterruptedException {
    Map<String, TrainerSetup> others = new LinkedHashMap<>();
    Setting setting = Setting.WORKER_OLMO_CORE;
    try {
      if (!settings.text(setting).isEmpty()) {
        others.put(
            TrainerName.OLMO_CORE, TrainerSetup.olmoCore(Path.of(settings.text(setting)), threads));
      }
      setting = Setting.WORKER_OPEN_INSTRUCT;
      if (!settings.text(setting).isEmpty()) {
        others.put(
            TrainerName.OPEN_INSTRUCT,
            TrainerSetup.openInstruct(Path.of(settings.text(setting)), threads));
      }
      return new OutsideTrainers(others);
    } catch (DeviceException without) {
      throw new SettingException(
          "%s is '%s', but %s"
              .formatted(setting.variable(), settings.text(setting), without.getMessage()));
    }
  }

  private static List<WorkerDevice> devices(Settings settings, Devices machine)
      throws InterruptedException {
    List<String> names = settings.list(Setting.WORKER_DEVICES);
    return names.equals(List.of(AUTO)) ? machine.all() : machine.named(names);
  }

  private static WorkerConfig config(Settings settings, List<WorkerDevice> devices)
      throws IOException {
    String pool = settings.text(Setting.WORKER_POOL);
    return new WorkerConfig(
        name(settings, pool),
        pool,
        devices,
        settings.labels(Setting.WORKER_LABELS),
        settings.ledger(),
        settings.objects(),
        settings.temporal(),
        settings.on(Setting.WORKER_VERSIONING),
        Path.of(settings.text(Setting.WORKER_CACHE)),
        settings.bytes(Setting.WORKER_CACHE_BYTES),
        Path.of(settings.text(Setting.WORKER_FOLDER)));
  }

  private static String name(Settings settings, String pool) throws IOException {
    String name = settings.text(Setting.WORKER_NAME);
    if (name.isEmpty()) {
      return pool + "-" + InetAddress.getLocalHost().getHostName();
    }
    // It is a part of addresses.
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
      throw new SettingException(
          "%s is '%s': expected letters, digits, dots, hyphens and underscores, 128 at most"
              .formatted(Setting.WORKER_NAME.variable(), name));
    }
    return name;
  }
}
