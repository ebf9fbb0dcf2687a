package dev.modelflow.pool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/** Machines whose {@code nvidia-smi} says again what it once said. */
final class RecordedMachine {
  private static final Path RECORDINGS = Path.of("src/test/resources/nvidia-smi").toAbsolutePath();

  private RecordedMachine() {}

  /** The answer to a query, as it is. */
  static String query(String machine) {
    return read(machine, "query");
  }

  /** The answer to {@code -L}, as it is. */
  static String list(String machine) {
    return read(machine, "list");
  }

  /** A program in {@code folder} that answers as that machine's did. */
  static NvidiaSmi smi(String machine, Path folder) {
    Path status = RECORDINGS.resolve(machine).resolve("status");
    return script(
        folder,
        """
        case "$1" in
          -L) cat '%1$s/list' ;;
          --query-gpu=compute_cap) cat '%1$s/capabilities' ;;
          *) cat '%1$s/query' ;;
        esac
        exit %2$s
        """
            .formatted(
                RECORDINGS.resolve(machine),
                Files.exists(status) ? read(machine, "status").strip() : "0"));
  }

  /** A program in {@code folder} that does this. */
  static NvidiaSmi script(Path folder, String body) {
    try {
      Path script = Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\n" + body);
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
      return new NvidiaSmi(script.toString(), Duration.ofSeconds(20));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String read(String machine, String name) {
    try {
      return Files.readString(RECORDINGS.resolve(machine).resolve(name));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
