package dev.modelflow.engine.ranks;

import dev.modelflow.engine.tensor.Device;
import dev.modelflow.engine.tensor.LibTorch;
import java.time.Duration;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

/**
 * How the ranks of one machine talk: gloo over loopback where they compute on the processor, NCCL
 * where each has a GPU.
 */
final class Backends {
  /** Others may write a checkpoint meanwhile; that one hangs is found out by the pool's worker. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final String LOOPBACK = "127.0.0.1";

  private Backends() {}

  /** The group of a rank, in the caller's scope, once all ranks are there. */
  static Backend of(Rendezvous place, Store store) {
    return switch (LibTorch.device()) {
      case CPU -> gloo(place, store);
      case CUDA -> nccl(place, store);
    };
  }

  private static Backend gloo(Rendezvous place, Store store) {
    ProcessGroupGloo.Options options =
        ProcessGroupGloo.Options.create(new Milliseconds(PATIENCE.toMillis()));
    options.devices().push_back(ProcessGroupGloo.createDeviceForHostname(LOOPBACK));
    return new ProcessGroupGloo(store, place.rank(), place.size(), options);
  }

  /** Its patience is ten minutes, too; it meets the others when something is first exchanged. */
  private static Backend nccl(Rendezvous place, Store store) {
    return new ProcessGroupNCCL(store, place.rank(), place.size());
  }

  /** Leaves the group and frees it. */
  static void close(Backend group) {
    if (LibTorch.device() == Device.CUDA) {
      group.shutdown();
    }
    group.close();
  }
}
