package dev.modelflow.cli.stack;

import dev.modelflow.dispatch.RunDispatcher;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.ObjectStore;
import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.web.WebApplication;
import dev.modelflow.web.config.WebConfig;
import dev.modelflow.worker.TemporalClients;
import io.temporal.serviceclient.WorkflowServiceStubs;

/** What the supervisor itself does with the ledger: answer people, start runs. */
final class WebService {
  private static final String CLIENT = "this machine";

  private WebService() {}

  /** The web application; makes the token of this machine's client if it has none that works. */
  static AutoCloseable web(
      StateFolder state, int port, LedgerConfig config, ObjectStoreConfig objects) {
    Ledger ledger = Ledger.open(config);
    ObjectStore store = ObjectStore.open(objects);
    ensureToken(state, ledger);
    WebApplication web = WebApplication.start(WebConfig.onLoopback(port, ledger, store));
    return () -> {
      web.close();
      store.close();
      ledger.close();
    };
  }

  private static void ensureToken(StateFolder state, Ledger ledger) {
    boolean known =
        state.token().filter(token -> ledger.tokens().check(token).isPresent()).isPresent();
    if (!known) {
      state.write("token", ledger.tokens().create(CLIENT) + "\n");
    }
  }

  /** Starts the workflows of runs that the ledger holds. */
  static AutoCloseable dispatcher(LedgerConfig config, int temporal) {
    Ledger ledger = Ledger.open(config);
    WorkflowServiceStubs stubs = TemporalClients.stubs("127.0.0.1:" + temporal);
    RunDispatcher dispatcher = new RunDispatcher(ledger, TemporalClients.client(stubs));
    return () -> {
      dispatcher.close();
      stubs.shutdownNow();
      ledger.close();
    };
  }
}
