package dev.modelflow.cli.server;

import dev.modelflow.dispatch.RunDispatcher;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.objects.ObjectStore;
import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.web.WebApplication;
import dev.modelflow.web.config.WebConfig;
import dev.modelflow.worker.TemporalConfig;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What answers people and starts their runs. */
public final class WebServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final String PROJECT = "default";
  private static final String FIRST_TOKEN = "first token";

  private final Ledger ledger;
  private final ObjectStore store;
  private final WebApplication web;
  private final RunDispatcher dispatcher;
  private final DailySweep sweep;

  private WebServer(
      Ledger ledger,
      ObjectStore store,
      WebApplication web,
      RunDispatcher dispatcher,
      DailySweep sweep) {
    this.ledger = ledger;
    this.store = store;
    this.web = web;
    this.dispatcher = dispatcher;
    this.sweep = sweep;
  }

  /** Serves until the process is asked to end. */
  public static void main(String[] arguments) throws InterruptedException {
    try {
      WebServer server = start(new Settings(System.getenv()));
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      LOG.info("The dashboard listens on {}", server.web.address());
    } catch (SettingException wrong) {
      wrong.end();
    }
    new CountDownLatch(1).await();
  }

  /** Connects, lets the first client's token in and returns when the server answers. */
  public static WebServer start(Settings settings) {
    String token = settings.secret(Setting.WEB_TOKEN_FILE);
    int port = settings.number(Setting.WEB_PORT, 0, 65_535);
    TemporalConfig temporal = settings.temporal();
    ObjectStoreConfig objects = settings.objects();
    Duration retention = settings.retention();
    Ledger ledger = Ledger.open(settings.ledger());
    ObjectStore store = ObjectStore.open(objects);
    ledger.tokens().admit(FIRST_TOKEN, token);
    WebApplication web =
        WebApplication.start(
            new WebConfig(
                settings.text(Setting.WEB_ADDRESS),
                port,
                settings.list(Setting.WEB_HOSTS),
                PROJECT,
                ledger,
                store));
    return new WebServer(
        ledger,
        store,
        web,
        new RunDispatcher(ledger, temporal),
        DailySweep.start(ledger, objects, retention));
  }

  @Override
  public void close() {
    sweep.close();
    dispatcher.close();
    web.close();
    store.close();
    ledger.close();
  }
}
