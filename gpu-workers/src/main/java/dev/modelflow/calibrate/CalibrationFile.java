package dev.modelflow.calibrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A calibration as JSON in a file. */
public final class CalibrationFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long MOST_BYTES = 1 << 20;

  private CalibrationFile() {}

  /**
   * What the file holds; empty when there is none.
   *
   * @throws CalibrationException when it cannot be read or holds something else
   */
  public static Optional<Calibration> read(Path file) {
    try {
      if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
        throw new CalibrationException("%s is too long for a calibration".formatted(file));
      }
      return Optional.of(parse(file, Files.readString(file)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException failure) {
      throw new CalibrationException("%s cannot be read (%s)".formatted(file, failure), failure);
    }
  }

  private static Calibration parse(Path file, String text) {
    try {
      Calibration calibration = JSON.readValue(text, Calibration.class);
      if (calibration == null) {
        throw new CalibrationException("%s holds no calibration (but null)".formatted(file));
      }
      return calibration;
    } catch (JacksonException wrong) {
      throw new CalibrationException(
          "%s holds no calibration (%s)".formatted(file, reason(wrong)), wrong);
    }
  }

  private static String reason(JacksonException wrong) {
    Throwable cause = wrong.getCause() == null ? wrong : wrong.getCause();
    String said = cause instanceof JacksonException one ? one.getOriginalMessage() : null;
    String text = String.valueOf(said == null ? cause.getMessage() : said);
    return text.lines().findFirst().orElse("it is empty");
  }

  /**
   * Writes it in one step: readers see the old one or the new one.
   *
   * @throws IOException when the folder is missing or may not be written to
   */
  public static void write(Path file, Calibration calibration) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, json(calibration));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** As it stands in the file. */
  public static String json(Calibration calibration) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(calibration) + "\n";
  }
}
