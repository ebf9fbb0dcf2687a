package dev.modelflow.worker;

import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.ObjectStoreConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a worker needs to begin.
 *
 * @param id its name in the ledger; a worker that starts again under its name replaces itself
 * @param pool whose stages it runs; also the name of the task queue
 * @param devices what its attempts run on, one attempt a device at a time
 * @param labels what its operator says about it, name → value
 * @param ledger where the ledger is
 * @param objects where the objects are
 * @param temporal where the workflow engine is
 * @param versioned whether workers of a new version take over from those of an older one
 * @param cache folder of inputs kept between attempts; may be shared by workers of one machine
 * @param cacheBytes most bytes that the cache holds
 * @param work folder of this worker's own, emptied when it starts
 */
public record WorkerConfig(
    String id,
    String pool,
    List<WorkerDevice> devices,
    Map<String, String> labels,
    LedgerConfig ledger,
    ObjectStoreConfig objects,
    TemporalConfig temporal,
    boolean versioned,
    Path cache,
    long cacheBytes,
    Path work) {}
