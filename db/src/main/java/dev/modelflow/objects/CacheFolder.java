package dev.modelflow.objects;

import dev.modelflow.domain.Digest;
import dev.modelflow.locks.MachineLocks;
import dev.modelflow.locks.MachineLocks.Held;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a cache: {@code ab/ab12...} for a whole one, {@code ab/ab12....SIZE.part} for one
 * that is being filled, and {@code lock}. A whole file's time of change is always the epoch, which
 * nobody who wrote to it would leave; its time of access is when it was last laid out or, where the
 * file system counts that, read.
 */
final class CacheFolder {
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})(?:\\.([0-9]+)\\.part)?");
  private static final FileTime UNTOUCHED = FileTime.from(Instant.EPOCH);
  private static final long ROOM = 0;

  private final Path root;
  private final long bound;
  private final MachineLocks locks;

  /** The cache in {@code root}, which is made when there is none. */
  CacheFolder(Path root, long bound) throws IOException {
    this.root = Files.createDirectories(root);
    this.bound = bound;
    this.locks = MachineLocks.in(root);
  }

  /** Where the whole file is, or would be. */
  Path place(Digest digest) {
    return root.resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
  }

  /** Whether a whole file is there to which nobody has written since it was filled. */
  boolean holds(Digest digest, long size) throws IOException {
    try {
      Path place = place(digest);
      return Files.size(place) == size && Files.getLastModifiedTime(place).equals(UNTOUCHED);
    } catch (NoSuchFileException missing) {
      return false;
    }
  }

  /** Notes that the file is used now. */
  void use(Digest digest) throws IOException {
    try {
      stamp(place(digest));
    } catch (NoSuchFileException evicted) {
      // Who uses it has its own link or copy by now.
    }
  }

  /** Waits until nobody else on this machine fills this file, and keeps others from it. */
  Held filling(Digest digest) throws IOException {
    return locks.acquire(lock(digest));
  }

  /** An empty file to fill, with room made for what it will hold. Only while {@link #filling}. */
  Path reserve(Digest digest, long size) throws IOException {
    Path place = place(digest);
    Path part = place.resolveSibling(digest.hex() + "." + size + ".part");
    try (Held _ = locks.acquire(ROOM)) {
      Files.createDirectories(place.getParent());
      evict(bound - size);
      Files.deleteIfExists(part);
      return Files.createFile(part);
    }
  }

  /** Makes a filled and checked file read-only, as others will see it. */
  static void seal(Path part) throws IOException {
    Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("r--r--r--"));
    stamp(part);
  }

  /** Shows a sealed file to everyone. */
  void show(Path part, Digest digest) throws IOException {
    try (Held _ = locks.acquire(ROOM)) {
      Files.move(
          part, place(digest), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Removes what nobody uses, least recently used first, until the bound holds. */
  void trim() throws IOException {
    try (Held _ = locks.acquire(ROOM)) {
      evict(bound);
    }
  }

  /** Removes what nobody uses until {@code bytes} more are free; false when nothing was left. */
  boolean free(long bytes) throws IOException {
    try (Held _ = locks.acquire(ROOM)) {
      long held = held(files());
      return evict(held - bytes) < held;
    }
  }

  /** Returns how much is still held. */
  private long evict(long most) throws IOException {
    List<CachedFile> files = files();
    long held = held(files);
    for (CachedFile file : files) {
      if (held > most && file.idle()) {
        Files.deleteIfExists(file.path());
        held -= file.bytes();
      }
    }
    return held;
  }

  private static long held(List<CachedFile> files) {
    return files.stream().mapToLong(CachedFile::bytes).sum();
  }

  /** All files that count, least recently used first, without those that were left half filled. */
  private List<CachedFile> files() throws IOException {
    List<CachedFile> files = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (Path folder : folders) {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
          for (Path path : names) {
            look(path).ifPresent(files::add);
          }
        }
      }
    }
    files.sort(Comparator.comparing(CachedFile::used));
    return files;
  }

  private Optional<CachedFile> look(Path path) throws IOException {
    Matcher name = NAME.matcher(path.getFileName().toString());
    if (!name.matches()) {
      return Optional.empty();
    }
    if (name.group(2) == null) {
      return CachedFile.of(path);
    }
    try (Held abandoned = locks.tryAcquire(lock(new Digest(name.group(1)))).orElse(null)) {
      if (abandoned == null) {
        return Optional.of(new CachedFile(path, Long.parseLong(name.group(2)), UNTOUCHED, false));
      }
      Files.deleteIfExists(path);
      return Optional.empty();
    }
  }

  private static long lock(Digest digest) {
    return Long.parseLong(digest.hex().substring(0, 15), 16) + 1;
  }

  private static void stamp(Path file) throws IOException {
    Files.getFileAttributeView(file, BasicFileAttributeView.class)
        .setTimes(UNTOUCHED, FileTime.from(Instant.now()), null);
  }

  /**
   * A file of the cache.
   *
   * @param bytes that it takes, or will when it is filled
   * @param used when it last was
   * @param idle whether removing it makes room: a file with a second link is used by an attempt,
   *     and its bytes would stay
   */
  private record CachedFile(Path path, long bytes, FileTime used, boolean idle) {
    static Optional<CachedFile> of(Path path) throws IOException {
      try {
        BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
        int links = (Integer) Files.getAttribute(path, "unix:nlink");
        return Optional.of(new CachedFile(path, is.size(), is.lastAccessTime(), links == 1));
      } catch (NoSuchFileException gone) {
        return Optional.empty();
      }
    }
  }
}
