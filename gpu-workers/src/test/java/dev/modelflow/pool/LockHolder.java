package dev.modelflow.pool;

import dev.modelflow.domain.WorkerDevice;
import java.nio.file.Path;
import java.util.List;

/** A worker's process that takes a GPU, starts a trainer on it and never gives it back. */
public final class LockHolder {
  private LockHolder() {}

  /**
   * Prints whether it has the GPU, and the trainer's process id.
   *
   * @param arguments folder of the locks; the GPU
   */
  public static void main(String[] arguments) throws Exception {
    DeviceLocks locks = new DeviceLocks(Path.of(arguments[0]));
    System.out.println(locks.take(arguments[1]) ? "taken" : "refused");
    Device gpu = Device.of(new WorkerDevice(arguments[1], "a GPU", null), 1, true);
    Process trainer =
        new ProcessBuilder(locks.guard(gpu, List.of("sh", "-c", "echo begun; exec sleep 600")))
            .start();
    System.out.println(trainer.inputReader().readLine() + " " + trainer.pid());
    Thread.currentThread().join();
  }
}
