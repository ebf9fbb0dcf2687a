package dev.modelflow.pool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks {@code nvidia-smi} which GPUs the machine has.
 *
 * @param command its name or path
 * @param patience after which it is taken for hung, as it is when a driver is
 */
record NvidiaSmi(String command, Duration patience) {
  private static final String NOTHING = "No devices were found";
  private static final String UNKNOWN_FIELD = "is not a valid field";

  // ENOENT, as the JDK writes it.
  private static final Pattern MISSING = Pattern.compile("error[=:] ?2\\b");

  /** The one on the path. */
  static NvidiaSmi installed() {
    return new NvidiaSmi("nvidia-smi", Duration.ofSeconds(30));
  }

  /**
   * The machine's GPUs with their parts; none where there is no {@code nvidia-smi} or it finds
   * none. Throws {@link DeviceException} when it fails or hangs.
   */
  List<Gpu> gpus() throws InterruptedException {
    String csv = ask("--query-gpu=" + GpuListing.COLUMNS, "--format=csv,noheader,nounits");
    List<Gpu> gpus = GpuListing.parse(csv);
    return gpus.stream().anyMatch(Gpu::split) ? GpuListing.withParts(gpus, ask("-L")) : gpus;
  }

  /**
   * Whether every GPU of the machine has instructions for bf16, so that all of its trainers compute
   * alike; true as well where the driver is too old to tell. Throws {@link DeviceException} when it
   * fails or hangs.
   */
  boolean haveBf16() throws InterruptedException {
    try {
      return GpuListing.haveBf16(ask("--query-gpu=compute_cap", "--format=csv,noheader"));
    } catch (DeviceException failure) {
      if (String.valueOf(failure.getMessage()).contains(UNKNOWN_FIELD)) {
        return true;
      }
      throw failure;
    }
  }

  private String ask(String... arguments) throws InterruptedException {
    Path said = temporary();
    try {
      Process process = start(said, arguments);
      if (process == null) {
        return "";
      }
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new DeviceException(
            "nvidia-smi gave no answer in %d seconds, as when a driver hangs; restart the machine"
                .formatted(patience.toSeconds()));
      }
      return answer(process.exitValue(), Files.readString(said).strip());
    } catch (IOException failure) {
      throw new UncheckedIOException("The answer of nvidia-smi could not be read", failure);
    } finally {
      delete(said);
    }
  }

  // Into a file: a pipe that nobody reads would fill, and reading it could hang with the driver.
  private static Path temporary() {
    try {
      return Files.createTempFile("nvidia-smi", ".txt");
    } catch (IOException failure) {
      throw new UncheckedIOException("No temporary file could be made", failure);
    }
  }

  /** Null when there is no such program. */
  private @Nullable Process start(Path said, String... arguments) {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(line)
          .redirectErrorStream(true)
          .redirectOutput(said.toFile())
          .start();
    } catch (IOException failure) {
      if (MISSING.matcher(String.valueOf(failure.getMessage())).find()) {
        return null;
      }
      throw new DeviceException(
          "nvidia-smi cannot be started (%s): mend that, or name the devices of this worker as 'cpu'"
              .formatted(failure.getMessage()));
    }
  }

  private static String answer(int status, String text) {
    if (text.startsWith(NOTHING)) {
      return "";
    }
    if (status != 0) {
      String first = text.lines().findFirst().map(String::strip).orElse("nothing");
      throw new DeviceException(
          "nvidia-smi ended with status %d and said: %s; mend the driver"
              .formatted(status, first.replaceFirst("\\.$", "")));
    }
    return text;
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not delete " + file, failure);
    }
  }
}
