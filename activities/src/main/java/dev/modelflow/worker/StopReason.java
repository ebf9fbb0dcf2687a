package dev.modelflow.worker;

/** Why an attempt is asked to stop. */
enum StopReason {
  /** A person cancelled the run. */
  CANCELLED,
  /** The worker shuts down, or the workflow engine forgot the attempt; another one follows. */
  SHUTDOWN,
  /** A person had the worker drained; another attempt follows. */
  DRAINED,
  /** A newer attempt began; nothing that this one writes counts. */
  OVERTAKEN
}
