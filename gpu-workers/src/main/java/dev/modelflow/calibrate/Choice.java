package dev.modelflow.calibrate;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How trainers are started here, and why.
 *
 * @param tuning the way
 * @param reason why it is this one
 * @param message one sentence; where somebody should do something, with what
 */
public record Choice(Tuning tuning, Reason reason, String message) {
  private static final String MEASURE =
      "run: modelflow calibrate, or in containers: modelflow stack calibrate";

  /** Why a way was chosen. */
  public enum Reason {
    /** It was the fastest. */
    CALIBRATED,
    /** Nobody has measured. */
    NEVER,
    /** What was measured was another machine, or other libraries. */
    OTHER_MACHINE,
    /** The file holds something else. */
    UNREADABLE
  }

  /** The usual way, where there is no file to ask. */
  public static Choice usual() {
    Tuning usual = Tuning.usual(Processor.here());
    return new Choice(
        usual,
        Reason.NEVER,
        "Trainers start in the usual way (%s): no file of modelflow calibrate was named"
            .formatted(usual.title()));
  }

  /** What the file says about this machine; never fails. */
  public static Choice of(Path file) {
    Processor processor = Processor.here();
    return of(file, processor, Machine.here(processor));
  }

  static Choice of(Path file, Processor processor, Machine machine) {
    Tuning usual = Tuning.usual(processor);
    String start = "Trainers start in the usual way (%s): ".formatted(usual.title());
    Optional<Calibration> read;
    try {
      read = CalibrationFile.read(file);
    } catch (CalibrationException wrong) {
      return new Choice(
          usual, Reason.UNREADABLE, "%s%s; %s".formatted(start, wrong.getMessage(), MEASURE));
    }
    if (read.isEmpty()) {
      return new Choice(
          usual, Reason.NEVER, start + "this machine was never measured; to do so, " + MEASURE);
    }
    Calibration calibration = read.get();
    if (!calibration.machine().equals(machine)) {
      return new Choice(
          usual,
          Reason.OTHER_MACHINE,
          "%s%s was measured on %s, and this is %s; %s"
              .formatted(start, file, calibration.machine().title(), machine.title(), MEASURE));
    }
    return chosen(file, processor, usual, start, calibration.chosen());
  }

  // A file that somebody has edited must not make every trainer die of an unknown instruction.
  private static Choice chosen(
      Path file, Processor processor, Tuning usual, String start, Tuning chosen) {
    String kernels = chosen.kernels();
    if (!kernels.isEmpty() && !Kernels.of(processor).contains(kernels)) {
      return new Choice(
          usual,
          Reason.UNREADABLE,
          "%s%s chooses kernels '%s', which this processor cannot run; %s"
              .formatted(start, file, kernels, MEASURE));
    }
    return new Choice(
        chosen,
        Reason.CALIBRATED,
        "Trainers start as %s found fastest (%s)".formatted(file, chosen.title()));
  }
}
