package dev.modelflow.cli.faults;

import java.util.List;

/**
 * The way from one service to another, through Toxiproxy: docker/faults/links.json.
 *
 * @param client who connects
 * @param server whom it reaches
 */
record Link(String client, String server) {
  private static final List<String> CLIENTS = List.of("web", "worker-cpu", "worker-gpu");

  /** Every link of the stack. */
  static final List<Link> ALL =
      List.of(
          new Link(CLIENTS.get(0), "postgres"),
          new Link(CLIENTS.get(0), "minio"),
          new Link(CLIENTS.get(0), "temporal"),
          new Link(CLIENTS.get(1), "postgres"),
          new Link(CLIENTS.get(1), "minio"),
          new Link(CLIENTS.get(1), "temporal"),
          new Link(CLIENTS.get(2), "postgres"),
          new Link(CLIENTS.get(2), "minio"),
          new Link(CLIENTS.get(2), "temporal"),
          new Link("temporal", "postgres"));

  /** The links over which workers put objects. */
  static final List<Link> UPLOADS =
      List.of(new Link("worker-cpu", "minio"), new Link("worker-gpu", "minio"));

  /** Its name in Toxiproxy. */
  @Override
  public String toString() {
    return client + "-" + server;
  }
}
