package dev.modelflow.cli.stack;

import dev.modelflow.domain.Digest;
import dev.modelflow.objects.Folders;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Postgres on disk: its programs, unpacked once, and its data folder, made once. */
final class PostgresFiles {
  static final String USER = "modelflow";
  private static final int INITDB_SECONDS = 120;

  private final StateFolder state;
  private final Path folder;

  PostgresFiles(StateFolder state) {
    this.state = state;
    this.folder = state.folder("postgres");
  }

  Path data() {
    return folder.resolve("data");
  }

  /** The folder of the programs, unpacked if they are not there yet. */
  Path programs() throws IOException {
    byte[] archive;
    try (InputStream packed =
        DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
            System.getProperty("os.name"), System.getProperty("os.arch"))) {
      archive = packed.readAllBytes();
    }
    Path home = folder.resolve("programs-" + Digest.of(archive).brief());
    if (!Files.isDirectory(home)) {
      Path fresh = Files.createTempDirectory(folder, "unpacking");
      TarXz.unpack(new ByteArrayInputStream(archive), fresh);
      Files.move(fresh, home);
    }
    return home.resolve("bin");
  }

  /** Makes the data folder unless it exists; passwords are checked with SCRAM from the start. */
  void initialise(Path programs, String password) throws IOException, InterruptedException {
    if (Files.exists(data().resolve("PG_VERSION")) && !Files.exists(folder.resolve("unfinished"))) {
      return;
    }
    Files.writeString(folder.resolve("unfinished"), "");
    Folders.delete(data());
    Path passwordFile =
        Files.createTempFile(
            folder,
            "password",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(passwordFile, password + "\n");
      List<String> command = new ArrayList<>(asNobody());
      command.add(programs.resolve("initdb").toString());
      command.addAll(List.of("-A", "scram-sha-256", "--pwfile", passwordFile.toString()));
      command.addAll(List.of("-U", USER, "-E", "UTF8", "--no-locale", "-D", data().toString()));
      run(command);
    } finally {
      Files.delete(passwordFile);
    }
    Files.delete(folder.resolve("unfinished"));
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Process process = JavaCommand.logged(command, state.log("postgres")).start();
    if (!process.waitFor(INITDB_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new StackException(
          "Postgres could not make its data folder; see " + state.log("postgres"));
    }
  }

  /**
   * What stands before a Postgres command. It refuses to run as root; in a user namespace of its
   * own it is nobody, and the files of root are nobody's too.
   */
  static List<String> asNobody() {
    return "root".equals(System.getProperty("user.name")) ? List.of("unshare", "-U") : List.of();
  }
}
