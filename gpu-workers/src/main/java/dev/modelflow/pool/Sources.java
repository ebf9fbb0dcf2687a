package dev.modelflow.pool;

import dev.modelflow.domain.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/** The version of a program that is run from its sources. */
final class Sources {
  private Sources() {}

  /**
   * Digest of every Python file in a folder and below.
   *
   * @throws DeviceException when there is no such folder
   */
  static String digest(Path folder) {
    MessageDigest accumulator = Digest.sha256();
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files = all.filter(it -> it.toString().endsWith(".py")).sorted().toList();
      for (Path file : files) {
        accumulator.update((folder.relativize(file) + "\n").getBytes(StandardCharsets.UTF_8));
        accumulator.update(Files.readAllBytes(file));
      }
      return Digest.of(accumulator).brief();
    } catch (IOException failure) {
      throw new DeviceException(
          "%s cannot be read (%s): name a checkout".formatted(folder, failure.getMessage()));
    }
  }
}
