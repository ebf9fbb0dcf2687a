package dev.modelflow.cli.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/** This machine: its JDK, its disk, the state folder. */
final class MachineChecks {
  private static final int JAVA = 25;
  private static final long GIB = 1L << 30;
  private static final long SCARCE = 5 * GIB;
  private static final long TOO_LITTLE = GIB;

  private MachineChecks() {}

  static List<Check> of(Path state) {
    return List.of(java(), disk(state), folder(state));
  }

  private static Check java() {
    Runtime.Version version = Runtime.version();
    return version.feature() >= JAVA
        ? Check.ok("java", "Java " + version)
        : Check.wrong("java", "Java %s is too old; install a JDK %d".formatted(version, JAVA));
  }

  private static Check disk(Path state) {
    Path there = state;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      FileStore disk = Files.getFileStore(there);
      long free = disk.getUsableSpace();
      String message = "%.1f GiB are free at %s".formatted((double) free / GIB, there);
      if (free >= SCARCE) {
        return Check.ok("disk", message);
      }
      String remedy = message + "; make room, or name another folder in MODELFLOW_HOME";
      return free >= TOO_LITTLE ? Check.warning("disk", remedy) : Check.wrong("disk", remedy);
    } catch (IOException failure) {
      return Check.wrong("disk", "The disk of %s cannot be asked: %s".formatted(there, failure));
    }
  }

  private static Check folder(Path state) {
    if (!Files.exists(state)) {
      return Check.ok("state folder", state + " is not there; the first embedded stack makes it");
    }
    if (!Files.isDirectory(state) || !Files.isWritable(state)) {
      return Check.wrong(
          "state folder",
          state + " cannot be written to; name a folder of yours in MODELFLOW_HOME");
    }
    try {
      Set<PosixFilePermission> open = Files.getPosixFilePermissions(state);
      open.removeIf(it -> it.name().startsWith("OWNER"));
      return open.isEmpty()
          ? Check.ok("state folder", state + " is yours alone")
          : Check.warning(
              "state folder", "Others may look into %s; chmod 700 %s".formatted(state, state));
    } catch (IOException failure) {
      return Check.wrong("state folder", state + " cannot be asked: " + failure);
    }
  }
}
