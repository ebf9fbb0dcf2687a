package dev.modelflow.pool;

import dev.modelflow.adapter.Scripts;
import dev.modelflow.calibrate.Processor;
import dev.modelflow.calibrate.Tuning;
import dev.modelflow.domain.TrainerName;
import dev.modelflow.worker.CodeVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.pytorch.global.torch;

/**
 * How a pool starts its trainers.
 *
 * @param command to which the path of {@code spec.json} is added
 * @param environment added to the worker's own
 * @param gpus whether its trainers can compute on GPUs
 * @param version of the trainer's code; part of the fingerprint of every stage it does
 * @param grace between SIGTERM and SIGKILL
 * @param silence without any event after which a trainer is taken for hung and killed
 */
public record TrainerSetup(
    List<String> command,
    Map<String, String> environment,
    boolean gpus,
    String version,
    Duration grace,
    Duration silence) {
  private static final Duration GRACE = Duration.ofSeconds(30);

  /** Their last checkpoint is converted, too. */
  private static final Duration OUTSIDE_GRACE = Duration.ofMinutes(5);

  private static final Duration SILENCE = Duration.ofMinutes(2);

  /** A step of theirs is one of many GPUs. */
  private static final Duration OLMO_CORE_SILENCE = Duration.ofMinutes(10);

  /** The learners wait for the slowest answer. */
  private static final Duration OPEN_INSTRUCT_SILENCE = Duration.ofHours(1);

  // A tiny model keeps no more threads busy, and their number is part of the result's bytes.
  private static final int MOST_THREADS = 4;

  private static final String ADAPTER = "dev.modelflow.adapter.AdapterMain";
  private static final String MAIN = "dev.modelflow.trainer.TrainerMain";

  /** Copies the collections. */
  public TrainerSetup {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** A trainer of one's own, for any device, with the usual times. */
  public TrainerSetup(List<String> command, Map<String, String> environment, String version) {
    this(command, environment, true, version, GRACE, SILENCE);
  }

  /** The same with more variables in the environment. */
  public TrainerSetup with(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(variables);
    return new TrainerSetup(command, all, gpus, version, grace, silence);
  }

  /**
   * This repository's engine in a JVM of its own, with this JVM's Java and the engine's part of its
   * class path. It computes on GPUs, too, where the class path has libtorch with CUDA, and is
   * started in the usual way.
   *
   * @param threads that libtorch may use
   */
  public static TrainerSetup engine(int threads) {
    return engine(threads, usual());
  }

  /** The same, started as {@code tuning} says. */
  public static TrainerSetup engine(int threads, Tuning tuning) {
    return new TrainerSetup(
        engineCommand(MAIN),
        tuning.environment(threads),
        CudaBuild.isThis(),
        engineVersion(),
        GRACE,
        SILENCE);
  }

  /**
   * OLMo-core's trainer behind our adapter.
   *
   * @param python the interpreter that has {@code ai2-olmo-core}
   * @param threads of the processor for each of its processes
   * @throws DeviceException when that interpreter cannot be run or lacks the package
   */
  public static TrainerSetup olmoCore(Path python, int threads) throws InterruptedException {
    return outside(
        List.of(TrainerName.OLMO_CORE, python.toString()),
        PythonPackages.versions(python, List.of("ai2-olmo-core", "torch")),
        threads,
        OLMO_CORE_SILENCE);
  }

  /**
   * Open-instruct's programs behind our adapter.
   *
   * @param checkout of its repository, with its environment in {@code .venv}
   * @param threads of the processor for each of its processes
   * @throws DeviceException when that environment cannot be run or lacks a package
   */
  public static TrainerSetup openInstruct(Path checkout, int threads) throws InterruptedException {
    List<String> packages =
        new ArrayList<>(
            PythonPackages.versions(
                checkout.resolve(".venv/bin/python"), List.of("ai2-olmo-core", "torch", "vllm")));
    packages.add(Sources.digest(checkout.resolve("open_instruct")));
    return outside(
        List.of(TrainerName.OPEN_INSTRUCT, checkout.toString()),
        packages,
        threads,
        OPEN_INSTRUCT_SILENCE);
  }

  private static TrainerSetup outside(
      List<String> arguments, List<String> packages, int threads, Duration silence) {
    List<String> command = new ArrayList<>(engineCommand(ADAPTER));
    command.addAll(arguments);
    List<String> libraries = new ArrayList<>(packages);
    libraries.add(Scripts.digest());
    String version =
        CodeVersion.of(
            libraries,
            new CodeVersion.Part(TrainerSetup.class, "dev.modelflow.adapter"),
            new CodeVersion.Part(TrainerSetup.class, "dev.modelflow.engine"),
            new CodeVersion.Part(TrainerSetup.class, "dev.modelflow.trainer"),
            new CodeVersion.Part(CodeVersion.class, "dev.modelflow.text"),
            new CodeVersion.Part(CodeVersion.class, "dev.modelflow.weights"));
    return new TrainerSetup(
        command, usual().environment(threads), true, version, OUTSIDE_GRACE, silence);
  }

  /** How many threads a worker gives its trainers on the processor. */
  public static int threads() {
    return Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
  }

  /** A process for {@code main} in which the engine runs as it usually does in a trainer. */
  public static ProcessBuilder engineProcess(String main, int threads, String... arguments) {
    return engineProcess(usual(), main, threads, arguments);
  }

  /** The same, started as {@code tuning} says. */
  public static ProcessBuilder engineProcess(
      Tuning tuning, String main, int threads, String... arguments) {
    List<String> command = new ArrayList<>(engineCommand(main));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    Tuning.add(tuning.environment(threads), builder.environment());
    return builder;
  }

  private static Tuning usual() {
    return Tuning.usual(Processor.here());
  }

  private static List<String> engineCommand(String main) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        // Attention keeps some copies of a head of a row there, which long rows make large.
        "-Xmx2g",
        "-XX:+UseSerialGC",
        // The engine's kernels are written in its vectors.
        "--add-modules",
        "jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        // The physical memory that libtorch uses is not the Java heap's to limit.
        "-Dorg.bytedeco.javacpp.maxBytes=0",
        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
        "-cp",
        EngineClassPath.of(System.getProperty("java.class.path")),
        main);
  }

  /** Version of the engine's code and libraries. */
  public static String engineVersion() {
    return CodeVersion.of(
        List.of(
            "libtorch " + version(torch.class) + (CudaBuild.isThis() ? " with CUDA" : ""),
            "oneDNN " + version(dnnl.class)),
        new CodeVersion.Part(TrainerSetup.class, "dev.modelflow.engine"),
        new CodeVersion.Part(TrainerSetup.class, "dev.modelflow.trainer"),
        new CodeVersion.Part(CodeVersion.class, "dev.modelflow.text"),
        new CodeVersion.Part(CodeVersion.class, "dev.modelflow.weights"));
  }

  // Naming a class does not load its library into the worker.
  private static String version(Class<?> ofLibrary) {
    return String.valueOf(ofLibrary.getPackage().getImplementationVersion());
  }
}
