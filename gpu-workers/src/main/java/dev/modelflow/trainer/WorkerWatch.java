package dev.modelflow.trainer;

import java.io.IOException;

/**
 * Ends this process when the worker that started it is gone, which shows as the end of standard
 * input. Nobody could commit what an orphan makes, and it would hold its device.
 */
final class WorkerWatch {
  private static final int ORPHANED = 4;

  private WorkerWatch() {}

  static void begin() {
    Thread.ofPlatform().daemon().name("worker-watch").start(WorkerWatch::watch);
  }

  private static void watch() {
    try {
      while (System.in.read() >= 0) {
        // Workers write nothing; only the end matters.
      }
    } catch (IOException gone) {
      System.err.println("Standard input broke: " + gone.getMessage());
    }
    Runtime.getRuntime().halt(ORPHANED);
  }
}
