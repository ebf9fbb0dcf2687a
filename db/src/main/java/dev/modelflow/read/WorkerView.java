package dev.modelflow.read;

import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.domain.WorkerState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A worker process.
 *
 * @param id its name
 * @param cores of the processor that it may use; null for a worker that did not say
 * @param memory that it may use, in bytes; null for a worker that did not say
 * @param devices what its attempts run on, one each at a time
 * @param labels what its operator says about it, name → value
 * @param version digest of all the code that does the pool's work; null as {@code memory}
 * @param kinds kind of stage that it can run → version of the code that would do it
 * @param doing its attempts that have not ended, the oldest first
 * @param toldBy who last told it to stop taking attempts, or to take some again; null for nobody
 * @param toldAt when
 */
public record WorkerView(
    String id,
    String pool,
    WorkerState state,
    String host,
    long pid,
    @Nullable Integer cores,
    @Nullable Long memory,
    List<WorkerDevice> devices,
    Map<String, String> labels,
    @Nullable String version,
    Map<String, String> kinds,
    List<Doing> doing,
    Instant startedAt,
    Instant lastHeardAt,
    @Nullable String toldBy,
    @Nullable Instant toldAt) {
  /**
   * An attempt that a worker has.
   *
   * @param run id of the run
   * @param name of the run
   * @param epoch number of the attempt
   * @param since when it began
   */
  public record Doing(String run, String name, String stage, int epoch, Instant since) {}
}
