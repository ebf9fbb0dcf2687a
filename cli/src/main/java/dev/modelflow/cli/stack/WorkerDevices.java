package dev.modelflow.cli.stack;

import dev.modelflow.cli.server.Setting;
import java.util.Map;

/** What the workers of an embedded stack compute on. */
final class WorkerDevices {
  private WorkerDevices() {}

  /**
   * What a pool's worker is told.
   *
   * @param cuda whether this is a build with CUDA; one without computes on the processor, also
   *     where there is a GPU
   * @param environment of who starts the stack: devices named there are the pool gpu's
   */
  static String of(String pool, boolean cuda, Map<String, String> environment) {
    if (!pool.equals("gpu")) {
      return "cpu";
    }
    return environment.getOrDefault(Setting.WORKER_DEVICES.variable(), cuda ? "auto" : "cpu");
  }
}
