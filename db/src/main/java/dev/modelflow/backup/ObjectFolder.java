package dev.modelflow.backup;

import dev.modelflow.domain.Digest;
import dev.modelflow.objects.Digests;
import dev.modelflow.objects.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The objects of every backup in one folder, each a file named by its digest and kept once. */
final class ObjectFolder {
  private final Path root;
  private final ObjectStore store;
  private final Consumer<String> say;

  ObjectFolder(Path backup, ObjectStore store, Consumer<String> say) {
    this.root = backup.resolve("objects");
    this.store = store;
    this.say = say;
  }

  /**
   * An object that an artifact consists of.
   *
   * @param digest its name
   * @param size in bytes
   */
  record Entry(Digest digest, long size) {}

  /**
   * Fetches those that the folder lacks or that have other bytes there; returns those that the
   * store does not have whole either.
   */
  List<Digest> fetch(List<Entry> entries) throws IOException {
    List<Digest> missing = new ArrayList<>();
    Progress progress = new Progress("kept", entries.size(), say);
    for (Entry entry : entries) {
      Path file = file(entry.digest());
      if (!isWhole(file, entry) && !fetch(entry.digest(), file)) {
        missing.add(entry.digest());
      }
      progress.step(entry.size());
    }
    return missing;
  }

  private static boolean isWhole(Path file, Entry entry) throws IOException {
    return Files.exists(file)
        && Files.size(file) == entry.size()
        && Digests.of(file).equals(entry.digest());
  }

  private boolean fetch(Digest digest, Path file) throws IOException {
    Path folder = Files.createDirectories(folder(digest));
    Path fresh = file.resolveSibling(file.getFileName() + ".part");
    if (!store.getIfWhole(digest, fresh)) {
      Files.deleteIfExists(fresh);
      return false;
    }
    Durable.sync(fresh);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Durable.sync(folder);
    return true;
  }

  /** Puts all into the store; returns those of the folder that are gone or have other bytes. */
  List<Digest> put(List<Entry> entries) throws IOException {
    List<Digest> damaged = new ArrayList<>();
    Progress progress = new Progress("restored", entries.size(), say);
    for (Entry entry : entries) {
      Path file = file(entry.digest());
      if (isWhole(file, entry)) {
        store.put(file, entry.digest());
      } else {
        damaged.add(entry.digest());
      }
      progress.step(entry.size());
    }
    return damaged;
  }

  private Path file(Digest digest) {
    return folder(digest).resolve(digest.hex());
  }

  private Path folder(Digest digest) {
    return root.resolve(digest.hex().substring(0, 2));
  }

  /** Says every so often how far it is. */
  private static final class Progress {
    private static final long NANOS = 2_000_000_000L;

    private final String what;
    private final int total;
    private final Consumer<String> say;
    private int done;
    private long bytes;
    private long said = System.nanoTime();

    private Progress(String what, int total, Consumer<String> say) {
      this.what = what;
      this.total = total;
      this.say = say;
    }

    private void step(long size) {
      done++;
      bytes += size;
      if (done == total || System.nanoTime() - said > NANOS) {
        said = System.nanoTime();
        say.accept("%d of %d objects %s, %d MB".formatted(done, total, what, bytes / 1_000_000));
      }
    }
  }
}
