package dev.modelflow.cli.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A backup of the ledger that is taken and later restored as docs/operating.md says, while Temporal
 * and the store go on. Past all links, so that other faults do not keep it from being taken.
 */
final class Past {
  private static final List<String> WRITERS = List.of("web", "worker-cpu", "worker-gpu");

  private static final String EMPTY =
      """
      PGPASSWORD=$(cat /run/secrets/postgres-password) \
      psql -h 127.0.0.1 -U postgres -v ON_ERROR_STOP=1 \
        -c 'drop database if exists modelflow with (force)' \
        -c 'create database modelflow owner modelflow' \
        -c 'revoke all on database modelflow from public'
      """;

  private final Compose compose;
  private final Path folder;

  Past(Compose compose, Path folder) {
    this.compose = compose;
    this.folder = folder.toAbsolutePath();
  }

  /** Takes a backup; throws {@link NothingToDisturbException} when a service is away. */
  void remember() {
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not make " + folder, failure);
    }
    besideWeb("backup");
  }

  /** Restores the newest backup; may be tried again when a service is away. */
  void comeBack() {
    compose.run(join(List.of("stop", "--timeout", "5"), WRITERS));
    compose.run(List.of("exec", "-T", "postgres", "sh", "-c", EMPTY));
    besideWeb("restore");
    compose.run(join(List.of("start"), WRITERS));
  }

  private void besideWeb(String command) {
    compose.run(
        List.of(
            "run",
            "--rm",
            "-T",
            "--no-deps",
            "--user",
            "0",
            "--workdir",
            folder.toString(),
            "--volume",
            folder + ":" + folder,
            "--env",
            "LD_PRELOAD=",
            "--env",
            "MODELFLOW_LEDGER_URL=jdbc:postgresql://postgres:5432/modelflow",
            "--env",
            "MODELFLOW_OBJECTS_URL=http://minio:9000",
            "web",
            "dev.modelflow.cli.Main",
            command,
            folder.toString()));
  }

  private static List<String> join(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
