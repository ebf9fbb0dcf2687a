package dev.modelflow.backup;

import dev.modelflow.objects.Folders;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a backup is written until it is whole. One process at a time writes into a backup's folder,
 * so drafts that lie there when it begins are what others left that were cut off.
 */
final class Drafts implements AutoCloseable {
  private static final String ENDING = ".part";
  private static final FileAttribute<?> OWNERS_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path folder;
  private final FileChannel lock;

  private Drafts(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Takes {@code backup}, which is made when it is missing, for this process; what it holds of the
   * ledger is its owner's alone.
   *
   * @throws BackupException when another process has it
   */
  static Drafts open(Path backup) throws IOException {
    Path folder = Files.createDirectories(Snapshot.folder(backup), OWNERS_ALONE);
    FileChannel channel =
        FileChannel.open(
            backup.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Drafts drafts = new Drafts(folder, channel);
    try {
      drafts.take();
      drafts.clear();
      return drafts;
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  private void take() throws IOException {
    try {
      if (lock.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException sameProcess) {
      throw taken(sameProcess);
    }
    throw taken(null);
  }

  private BackupException taken(@Nullable Throwable cause) {
    String message =
        "Another backup is being written to %s: wait for it to end, or name another folder"
            .formatted(folder.getParent());
    return cause == null ? new BackupException(message) : new BackupException(message, cause);
  }

  private void clear() throws IOException {
    for (Path left : list(folder)) {
      if (left.getFileName().toString().endsWith(ENDING)) {
        Folders.delete(left);
      }
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted(Comparator.naturalOrder()).toList();
    }
  }

  /** An empty folder for the backup of this name. */
  Path make(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name + ENDING));
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
