package dev.modelflow.locks;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Locks that hold between all threads of all processes of a machine; those of a process that was
 * killed are free at once. Each lock is a byte of one file, so that no lock leaves a file behind.
 */
public final class MachineLocks {
  private static final long PAUSE_MILLIS = 10;

  // A process that closes a file loses all its locks on it: each file is opened once and stays so.
  private static final Map<Path, MachineLocks> OPEN = new ConcurrentHashMap<>();

  private final FileChannel channel;
  // The system's locks are the whole process's: threads keep each other out here.
  private final Set<Long> taken = ConcurrentHashMap.newKeySet();

  private MachineLocks(FileChannel channel) {
    this.channel = channel;
  }

  /** The locks of a folder, which must exist; their file in it is called {@code lock}. */
  public static MachineLocks in(Path folder) throws IOException {
    return OPEN.computeIfAbsent(folder.toRealPath().resolve("lock"), MachineLocks::open);
  }

  private static MachineLocks open(Path file) {
    try {
      return new MachineLocks(
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not open lock file " + file, failure);
    }
  }

  /**
   * Waits for lock {@code number}. Not to be asked for by who holds it. Throws {@link
   * InterruptedIOException} when the thread is interrupted, and leaves the interrupt for the
   * caller.
   */
  public Held acquire(long number) throws IOException {
    // Waiting inside the channel would close it, and free every lock, when a thread is interrupted.
    for (Optional<Held> held = tryAcquire(number); ; held = tryAcquire(number)) {
      if (held.isPresent()) {
        return held.get();
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Was stopped while waiting for another process");
      }
    }
  }

  /** Lock {@code number}, or nothing when anyone holds it. */
  public Optional<Held> tryAcquire(long number) throws IOException {
    if (!taken.add(number)) {
      return Optional.empty();
    }
    FileLock lock = null;
    try {
      lock = channel.tryLock(number, 1, false);
    } finally {
      if (lock == null) {
        taken.remove(number);
      }
    }
    return Optional.ofNullable(lock).map(it -> new Held(it, () -> taken.remove(number)));
  }

  /** A lock that is held until it is closed. */
  public record Held(FileLock lock, Runnable leave) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try {
        lock.release();
      } finally {
        leave.run();
      }
    }
  }
}
