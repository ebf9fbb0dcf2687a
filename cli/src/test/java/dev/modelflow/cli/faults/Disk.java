package dev.modelflow.cli.faults;

/**
 * A file system of the stack that is small enough to be filled.
 *
 * <p>The volumes are filled from Toxiproxy's container, which mounts them too.
 */
enum Disk {
  CACHE("toxiproxy", "/mnt/cache"),
  POSTGRES("toxiproxy", "/mnt/postgres"),
  WORK_OF_CPU("worker-cpu", "/var/lib/modelflow/work"),
  WORK_OF_GPU("worker-gpu", "/var/lib/modelflow/work");

  private final String service;
  private final String folder;

  Disk(String service, String folder) {
    this.service = service;
    this.folder = folder;
  }

  /** The service of Compose in whose containers it is filled. */
  String service() {
    return service;
  }

  /** What takes all the room. */
  String ballast() {
    return folder + "/ballast";
  }
}
