package dev.modelflow.cli.bench.platform;

import dev.modelflow.cli.bench.flows.BenchPool;
import dev.modelflow.cli.bench.flows.RunningWorker;
import dev.modelflow.cli.stack.StackException;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/**
 * A whole stack with an empty ledger, started to be measured; {@link #close} ends and deletes it.
 */
public interface BenchStack extends AutoCloseable {
  /** The word for it: {@code embedded} or {@code containers}. */
  String name();

  /** Where its dashboard is. */
  URI dashboard();

  /** The token of its API. */
  String token();

  /** Where its services are, in the settings that workers take. */
  Map<String, String> settings();

  /**
   * Starts a worker of this pool as the stack's other workers run; returns when it takes work.
   *
   * @throws StackException when it does not start
   */
  RunningWorker worker(BenchPool pool) throws IOException, InterruptedException;

  /** The process on this machine that the dashboard is. */
  long webProcess();

  @Override
  void close();
}
