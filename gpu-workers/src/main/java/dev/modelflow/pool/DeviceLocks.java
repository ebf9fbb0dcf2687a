package dev.modelflow.pool;

import dev.modelflow.domain.Digest;
import dev.modelflow.locks.MachineLocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps two workers of a machine from one GPU, and two trainers too. A worker has its GPUs until
 * its process ends, however that ends. A trainer has its GPU until it has ended itself, for it may
 * outlive a worker that was killed: the lock is a file that it holds open.
 */
public final class DeviceLocks {
  /** Exit status of a guarded command that did not begin, for another one was still there. */
  static final int TAKEN = 75;

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final Path folder;
  private final Duration wait;
  private final MachineLocks workers;

  /** Locks in {@code folder}, which is made when there is none; the same for all workers. */
  public DeviceLocks(Path folder) {
    this(folder, LONGEST_WAIT);
  }

  /** Locks for whose trainers one waits so long, in whole seconds. */
  DeviceLocks(Path folder, Duration wait) {
    this.folder = folder.toAbsolutePath();
    this.wait = wait;
    try {
      Files.createDirectories(folder);
      this.workers = MachineLocks.in(folder);
    } catch (IOException failure) {
      throw unusable(failure);
    }
  }

  /** Takes the device until this process ends; false when anyone has it, also this process. */
  boolean take(String device) {
    try {
      return workers.tryAcquire(number(device)).isPresent();
    } catch (IOException failure) {
      throw unusable(failure);
    }
  }

  /**
   * The command, which begins once no other trainer of the machine is left on the device, or ends
   * with {@link #TAKEN} after a minute.
   */
  List<String> guard(Device device, List<String> command) {
    if (!device.isGpu()) {
      return command;
    }
    Path file = folder.resolve(Digest.of(device.hardware().id()).brief() + ".trainer");
    List<String> guarded =
        new ArrayList<>(
            List.of(
                "flock",
                "--no-fork",
                "--timeout=" + wait.toSeconds(),
                "--conflict-exit-code=" + TAKEN,
                file.toString()));
    guarded.addAll(command);
    return List.copyOf(guarded);
  }

  private static long number(String device) {
    return Long.parseLong(Digest.of(device).hex().substring(0, 15), 16);
  }

  private DeviceException unusable(IOException failure) {
    return new DeviceException(
        "the folder of locks %s cannot be used (%s): name one in which this process may write"
            .formatted(folder, failure));
  }
}
