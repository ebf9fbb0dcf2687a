package dev.modelflow.cli.stack;

import dev.modelflow.cli.server.Setting;
import java.util.Map;

/** What the workers of an embedded stack compute on. */
final class WorkerDevices {
  private WorkerDevices() {}

  /**
   * What a pool's worker is told. The pool gpu has the devices that the environment names; else a
   * build with CUDA finds its GPUs, and one without has the processor, also where there is a GPU.
   *
   * @param cuda whether this is a build with CUDA
   * @param environment of who starts the stack
   */
  static String of(String pool, boolean cuda, Map<String, String> environment) {
    if (!pool.equals("gpu")) {
      return "cpu";
    }
    return environment.getOrDefault(Setting.WORKER_DEVICES.variable(), cuda ? "auto" : "cpu");
  }
}
