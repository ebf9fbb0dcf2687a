package dev.modelflow.cli.bench.flows;

/** A {@link BenchWorker} that takes work; {@link #close} ends it. */
public interface RunningWorker extends AutoCloseable {
  @Override
  void close();
}
