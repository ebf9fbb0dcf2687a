package dev.modelflow.cli.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * The one folder in which everything that lasts lies. Only its owner may look inside.
 *
 * @param root absolute
 */
public record StateFolder(Path root) {
  /** The folder that {@code MODELFLOW_HOME} names, else {@code ~/.modelflow}. */
  public static StateFolder of(Map<String, String> environment) {
    String named = environment.getOrDefault("MODELFLOW_HOME", "");
    Path root =
        named.isBlank()
            ? Path.of(System.getProperty("user.home"), ".modelflow")
            : Path.of(named.strip());
    return new StateFolder(root.toAbsolutePath().normalize());
  }

  /** A folder inside, made with permissions 700 if missing. */
  public Path folder(String name) {
    makePrivate(root);
    Path folder = root.resolve(name);
    makePrivate(folder);
    return folder;
  }

  /** The log of a service. */
  public Path log(String service) {
    return folder("logs").resolve(service + ".log");
  }

  /** A file directly inside, whether it exists or not. */
  public Path file(String name) {
    return root.resolve(name);
  }

  /** The file of how trainers start fastest on this machine, whether it exists or not. */
  public Path calibration() {
    return file("calibration.json");
  }

  /** The API token of this machine's own client, if one was made. */
  public Optional<String> token() {
    return read("token").map(String::strip).filter(token -> !token.isEmpty());
  }

  Optional<String> read(String name) {
    try {
      return Files.exists(file(name))
          ? Optional.of(Files.readString(file(name)))
          : Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot read " + file(name), failure);
    }
  }

  /** Writes a file that only its owner may read, in one step: readers see the old or the new. */
  void write(String name, String text) {
    makePrivate(root);
    try {
      Path fresh =
          Files.createTempFile(
              root,
              name,
              ".new",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(fresh, text);
      Files.move(
          fresh, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot write " + file(name), failure);
    }
  }

  private static void makePrivate(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot make the folder " + folder, failure);
    }
  }
}
