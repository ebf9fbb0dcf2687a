package dev.modelflow.ledger;

import dev.modelflow.domain.WorkerDevice;
import java.util.List;
import java.util.Map;

/**
 * A worker that starts.
 *
 * @param id its name; a worker that starts again under its name replaces itself
 * @param pool whose stages it runs
 * @param host the machine's name
 * @param pid its process there
 * @param cores of the processor that it may use
 * @param memory that it and its trainers may use, in bytes
 * @param devices what its attempts run on, one each at a time
 * @param labels what its operator says about it, name → value
 * @param version digest of all the code that does the pool's work
 * @param kinds kind of stage → version of the code that does its work
 */
public record NewWorker(
    String id,
    String pool,
    String host,
    long pid,
    int cores,
    long memory,
    List<WorkerDevice> devices,
    Map<String, String> labels,
    String version,
    Map<String, String> kinds) {
  /** Copies the collections. */
  public NewWorker {
    devices = List.copyOf(devices);
    labels = Map.copyOf(labels);
    kinds = Map.copyOf(kinds);
  }
}
