package dev.modelflow.pool;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.worker.StageFailedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A worker's devices while no trainer has them. Attempts get theirs in the order in which they
 * asked, each all at once, so that two that want several never wait for each other.
 */
final class FreeDevices {
  private static final long LOOK_MILLIS = 200;

  private final List<Device> all;
  private final List<Device> free;
  private final Deque<Long> waiting = new ArrayDeque<>();
  private long tickets;

  FreeDevices(List<Device> devices) {
    this.all = List.copyOf(devices);
    this.free = new ArrayList<>(devices);
  }

  /**
   * Waits for devices for a trainer of so many ranks, and takes them: a GPU for each, or one
   * processor for all. Throws {@link StageFailedException} of class recipe where the worker never
   * has that many.
   *
   * @param stage its name, for that message
   * @param giveUp throws when the attempt is to wait no longer
   */
  synchronized List<Device> take(int ranks, String stage, Runnable giveUp)
      throws InterruptedException {
    boolean gpus = ranks > 1 && all.stream().anyMatch(Device::isGpu);
    int wanted = gpus ? ranks : 1;
    requireSome(wanted, gpus, stage);
    long ticket = tickets++;
    waiting.add(ticket);
    try {
      while (waiting.element() != ticket || fitting(gpus).size() < wanted) {
        wait(LOOK_MILLIS);
        giveUp.run();
      }
      List<Device> taken = List.copyOf(fitting(gpus).subList(0, wanted));
      taken.forEach(free::remove);
      return taken;
    } finally {
      waiting.remove(ticket);
      notifyAll();
    }
  }

  private void requireSome(int wanted, boolean gpus, String stage) {
    long there = all.stream().filter(device -> !gpus || device.isGpu()).count();
    if (there < wanted) {
      throw new StageFailedException(
          FailureClass.RECIPE,
          "Stage '%s' has %d ranks, each on a GPU of its own, but this worker has %d: lower ranks or choose another pool"
              .formatted(stage, wanted, there));
    }
  }

  private List<Device> fitting(boolean gpus) {
    return free.stream().filter(device -> !gpus || device.isGpu()).toList();
  }

  /** Takes back what no trainer has any more. */
  synchronized void give(List<Device> devices) {
    free.addAll(devices);
    notifyAll();
  }
}
