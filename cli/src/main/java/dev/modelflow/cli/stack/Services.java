package dev.modelflow.cli.stack;

import dev.modelflow.cli.server.Setting;
import dev.modelflow.cli.server.Settings;
import dev.modelflow.cli.server.WebServer;
import dev.modelflow.pool.CudaBuild;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the embedded stack consists of, in the order in which it starts. */
final class Services {
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
    List<Service> all = new ArrayList<>(data());
    all.addAll(work());
    return List.copyOf(all);
  }

  /** Those that hold what lasts. */
  List<Service> data() {
    PostgresServer postgres = new PostgresServer(state, ports.postgres(), secrets);
    return List.of(
        Service.process(new Child("postgres", postgres::start, changed), ports.postgres()),
        Service.inside(
            "objects", ports.objects(), () -> ObjectServer.start(state, ports.objects(), secrets)));
  }

  private List<Service> work() {
    return List.of(
        Service.inside("temporal", ports.temporal(), () -> TemporalServer.start(ports.temporal())),
        Service.inside(
            "web", ports.dashboard(), () -> WebServer.start(new Settings(environment()))),
        worker("cpu", JavaCommand.of(EmbeddedWorker.class, "2g")),
        // Its trainers need the processors more.
        worker("gpu", JavaCommand.light(EmbeddedWorker.class, "512m")));
  }

  private Service worker(String pool, List<String> command) {
    String name = pool + "-worker";
    return Service.process(new Child(name, () -> startWorker(pool, name, command), changed), null);
  }

  private Process startWorker(String pool, String name, List<String> command) throws IOException {
    Map<String, String> settings = environment();
    put(settings, Setting.WORKER_POOL, pool);
    put(settings, Setting.WORKER_NAME, pool + "-1");
    put(
        settings,
        Setting.WORKER_DEVICES,
        WorkerDevices.of(pool, CudaBuild.isThis(), System.getenv()));
    put(settings, Setting.WORKER_LOCKS, state.folder("locks").toString());
    put(settings, Setting.WORKER_CALIBRATION, state.calibration().toString());
    put(settings, Setting.WORKER_CACHE, state.folder("cache").toString());
    put(settings, Setting.WORKER_FOLDER, state.folder("work").resolve(pool).toString());
    ProcessBuilder builder = JavaCommand.logged(command, state.log(name));
    builder.environment().putAll(settings);
    return builder.start();
  }

  private Map<String, String> environment() {
    return settings(state, ports, secrets);
  }

  /** What the processes of any stack are told, here about an embedded one. */
  static Map<String, String> settings(StateFolder state, Ports ports, Secrets secrets) {
    Map<String, String> settings = new HashMap<>();
    put(
        settings,
        Setting.LEDGER_URL,
        "jdbc:postgresql://127.0.0.1:" + ports.postgres() + "/modelflow");
    put(settings, Setting.LEDGER_USER, PostgresFiles.USER);
    put(settings, Setting.LEDGER_PASSWORD_FILE, secrets.postgresPasswordFile(state));
    put(settings, Setting.OBJECTS_URL, "http://127.0.0.1:" + ports.objects());
    put(settings, Setting.OBJECTS_KEY_FILE, secrets.objectKeyFile(state));
    put(settings, Setting.OBJECTS_SECRET_FILE, secrets.objectSecretFile(state));
    put(settings, Setting.TEMPORAL_ADDRESS, "127.0.0.1:" + ports.temporal());
    put(settings, Setting.WEB_PORT, Integer.toString(ports.dashboard()));
    put(settings, Setting.WEB_TOKEN_FILE, Secrets.tokenFile(state));
    return settings;
  }

  private static void put(Map<String, String> settings, Setting setting, String value) {
    settings.put(setting.variable(), value);
  }
}
