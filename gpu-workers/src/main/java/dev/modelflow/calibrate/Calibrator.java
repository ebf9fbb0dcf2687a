package dev.modelflow.calibrate;

import dev.modelflow.objects.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds the fastest way to start a trainer. Each way is a process of its own, because libraries
 * read their environment when they are loaded; the processes stay and are measured by turns.
 */
public final class Calibrator {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Starter starter;
  private final Duration patience;
  private final Consumer<String> progress;

  /**
   * One that starts its processes so.
   *
   * @param progress is told in words what goes on
   */
  public Calibrator(Starter starter, Consumer<String> progress) {
    this(starter, PATIENCE, progress);
  }

  Calibrator(Starter starter, Duration patience, Consumer<String> progress) {
    this.starter = starter;
    this.patience = patience;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param engine version of the code that is measured
   * @param threads that the processes use, each a lane
   * @throws CalibrationException when no way could be measured
   * @throws IOException when a process cannot be started
   */
  public Calibration calibrate(Candidates candidates, Machine machine, String engine, int threads)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("modelflow-calibrate");
    List<Probe> all = new ArrayList<>();
    try {
      List<Probe> started = start(candidates.kernels(), folder, all);
      Probe kernels = fastest(warmedUp(different(started)), all);
      progress.accept("Fastest kernels: " + kernels.tuning().title());
      Probe fastest = withMemory(kernels, candidates.memory(), folder, all);
      // Before the last question, which may fail where all else went well.
      List<Trial> trials = all.stream().map(Probe::trial).flatMap(Optional::stream).toList();
      Optional<Beside> beside = fastest.beside();
      return new Calibration(
          Calibration.FORMAT,
          Instant.now(),
          machine,
          engine,
          threads,
          trials,
          fastest.tuning(),
          beside.orElse(null));
    } finally {
      all.forEach(Probe::close);
      Folders.delete(folder);
    }
  }

  /** Those that turned out to use the kernels of one before need not be measured, and end. */
  private static List<Probe> different(List<Probe> probes) {
    Set<List<Object>> seen = new HashSet<>();
    List<Probe> different = new ArrayList<>();
    for (Probe probe : probes) {
      if (probe.core().isEmpty() || seen.add(List.of(probe.tuning().blas(), probe.core()))) {
        different.add(probe);
      } else {
        probe.close();
      }
    }
    return different;
  }

  /** All at once, too. */
  private static List<Probe> warmedUp(List<Probe> probes) throws InterruptedException {
    for (Probe probe : probes) {
      probe.warmUp();
    }
    for (Probe probe : probes) {
      probe.ready();
    }
    return probes;
  }

  private Probe withMemory(Probe kernels, List<Memory> memory, Path folder, List<Probe> all)
      throws IOException, InterruptedException {
    endAllBut(kernels, all);
    kernels.forget();
    List<Probe> probes = new ArrayList<>(List.of(kernels));
    probes.addAll(
        warmedUp(start(memory.stream().map(kernels.tuning()::with).toList(), folder, all)));
    return fastest(probes, all);
  }

  /** Their memory and their start are in nobody's way then. */
  private static void endAllBut(Probe stays, List<Probe> all) {
    all.stream().filter(probe -> probe != stays).forEach(Probe::close);
  }

  /** Starts all at once, which a machine with several cores does in less time. */
  private List<Probe> start(List<Tuning> tunings, Path folder, List<Probe> all)
      throws IOException, InterruptedException {
    progress.accept("Starting the engine in %d ways".formatted(tunings.size()));
    List<Probe> started = new ArrayList<>();
    for (Tuning tuning : tunings) {
      Probe probe = new Probe(tuning, starter, folder, patience);
      all.add(probe);
      started.add(probe);
    }
    for (Probe probe : started) {
      probe.ready();
    }
    return started;
  }

  private static Probe fastest(List<Probe> probes, List<Probe> all) throws InterruptedException {
    Probe first = probes.getFirst();
    return Contest.winner(probes)
        .orElseThrow(
            () ->
                new CalibrationException(
                    "None of %d ways to start the engine could be measured; of %s: %s"
                        .formatted(all.size(), first.tuning().title(), first.failure())));
  }
}
