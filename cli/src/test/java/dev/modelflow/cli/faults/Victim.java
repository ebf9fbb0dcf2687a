package dev.modelflow.cli.faults;

/** A process that can be killed; Docker starts it again, or the next attempt does. */
enum Victim {
  TRAINER("worker-gpu"),
  WORKER_GPU("worker-gpu"),
  WORKER_CPU("worker-cpu"),
  WEB("web"),
  TEMPORAL("temporal"),
  POSTGRES("postgres"),
  MINIO("minio");

  private final String service;

  Victim(String service) {
    this.service = service;
  }

  /** The service of Compose in whose container it lives. */
  String service() {
    return service;
  }
}
