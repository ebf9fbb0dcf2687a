package dev.modelflow.cli.bench;

import dev.modelflow.calibrate.Calibration;
import dev.modelflow.calibrate.CalibrationException;
import dev.modelflow.calibrate.CalibrationFile;
import dev.modelflow.calibrate.CalibrationProbe;
import dev.modelflow.calibrate.Calibrator;
import dev.modelflow.calibrate.Candidates;
import dev.modelflow.calibrate.Machine;
import dev.modelflow.calibrate.Processor;
import dev.modelflow.cli.server.Setting;
import dev.modelflow.cli.stack.StackException;
import dev.modelflow.cli.stack.StateFolder;
import dev.modelflow.pool.TrainerSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.function.Consumer;

/** Finds out how trainers start fastest on this machine, and writes it where workers read it. */
public final class EngineCalibration {
  private EngineCalibration() {}

  /** How many threads workers give a trainer here. */
  public static int threads() {
    return TrainerSetup.threads();
  }

  /** The file that this machine's workers read: the one that is set, else the state folder's. */
  public static Path file(Map<String, String> environment, StateFolder state) {
    String set = environment.getOrDefault(Setting.WORKER_CALIBRATION.variable(), "").strip();
    return set.isEmpty() ? state.calibration() : Path.of(set);
  }

  /**
   * Measures and writes.
   *
   * @param threads that the engine uses, each a lane
   * @param progress is told in words what goes on
   * @throws StackException when nothing could be measured or written
   */
  public static CalibrationReport calibrate(Path file, int threads, Consumer<String> progress)
      throws InterruptedException {
    Processor processor = Processor.here();
    Candidates candidates = Candidates.here(processor);
    try {
      makeFolder(file);
      Calibration calibration =
          new Calibrator(
                  tuning ->
                      TrainerSetup.engineProcess(
                          tuning, CalibrationProbe.class.getName(), threads, "" + threads),
                  progress)
              .calibrate(
                  candidates, Machine.here(processor), TrainerSetup.engineVersion(), threads);
      CalibrationFile.write(file, calibration);
      return CalibrationReport.of(calibration, candidates.usual());
    } catch (CalibrationException without) {
      throw new StackException(
          without.getMessage() + ". Free memory, or use fewer --threads", without);
    } catch (IOException failure) {
      throw new StackException(
          "Nothing was written to %s (%s): make room, or name a folder of yours in MODELFLOW_HOME"
              .formatted(file, failure),
          failure);
    }
  }

  /** Before anything is measured in vain; a state folder is its owner's alone. */
  private static void makeFolder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }
}
