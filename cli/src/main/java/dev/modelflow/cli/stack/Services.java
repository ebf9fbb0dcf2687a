package dev.modelflow.cli.stack;

import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.ObjectStoreConfig;
import java.io.IOException;
import java.util.List;

/** What the embedded stack consists of, in the order in which it starts. */
final class Services {
  private static final String BUCKET = "modelflow";

  private final StateFolder state;
  private final Ports ports;
  private final Secrets secrets;
  private final Runnable changed;

  Services(StateFolder state, Ports ports, Runnable changed) {
    this.state = state;
    this.ports = ports;
    this.secrets = Secrets.of(state);
    this.changed = changed;
  }

  List<Service> all() {
    PostgresServer postgres = new PostgresServer(state, ports.postgres(), secrets);
    LedgerConfig ledger = ledger(ports, secrets);
    return List.of(
        Service.process(new Child("postgres", postgres::start, changed), ports.postgres()),
        Service.inside(
            "objects", ports.objects(), () -> ObjectServer.start(state, ports.objects(), secrets)),
        Service.inside("temporal", ports.temporal(), () -> TemporalServer.start(ports.temporal())),
        Service.inside(
            "web",
            ports.dashboard(),
            () -> WebService.web(state, ports.dashboard(), ledger, objects(ports, secrets))),
        Service.inside("dispatcher", null, () -> WebService.dispatcher(ledger, ports.temporal())),
        worker("cpu", "2g"),
        worker("gpu", "512m"));
  }

  private Service worker(String pool, String heap) {
    String name = pool + "-worker";
    return Service.process(new Child(name, () -> startWorker(pool, name, heap), changed), null);
  }

  private Process startWorker(String pool, String name, String heap) throws IOException {
    List<String> command = JavaCommand.of(WorkerMain.class, heap, pool);
    return JavaCommand.logged(command, state.log(name)).start();
  }

  static LedgerConfig ledger(Ports ports, Secrets secrets) {
    return new LedgerConfig(
        "jdbc:postgresql://127.0.0.1:" + ports.postgres() + "/modelflow",
        PostgresFiles.USER,
        secrets.postgresPassword());
  }

  static ObjectStoreConfig objects(Ports ports, Secrets secrets) {
    return new ObjectStoreConfig(
        "http://127.0.0.1:" + ports.objects(), secrets.objectKey(), secrets.objectSecret(), BUCKET);
  }
}
