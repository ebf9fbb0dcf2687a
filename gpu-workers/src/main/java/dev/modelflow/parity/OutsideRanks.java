package dev.modelflow.parity;

import dev.modelflow.parity.OutsideStages.Way;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Several ranks of a stage that share the first GPU. NCCL refuses one GPU to two ranks of a
 * machine, so it is told that each is a machine of its own, and they talk over loopback.
 *
 * @param way in which each rank runs
 */
record OutsideRanks(OutsideStages stages, Way way, int size) {
  /**
   * Runs a stage to its end by all ranks; what each said and how it ended, the leading one first.
   *
   * @param name of a folder of theirs
   * @param killAt step whose checkpoint is the last that the leading rank may announce; 0: none
   */
  List<OutsideRun> run(String name, String stage, int killAt)
      throws IOException, InterruptedException {
    String rendezvous = stages.folder().resolve(name + "-rendezvous").toString();
    List<Callable<OutsideRun>> ranks = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      Way own = own(name, rank, rendezvous);
      int mostCheckpoint = rank == 0 ? killAt : 0;
      ranks.add(() -> stages.run(own, stage, null, null, mostCheckpoint));
    }
    try (ExecutorService together = Executors.newVirtualThreadPerTaskExecutor()) {
      List<OutsideRun> ends = new ArrayList<>();
      for (Future<OutsideRun> end : together.invokeAll(ranks)) {
        ends.add(end.get());
      }
      return ends;
    } catch (ExecutionException e) {
      throw new IOException("A rank could not be followed", e);
    }
  }

  private Way own(String name, int rank, String rendezvous) {
    return way.with(
            name + "-" + rank,
            Map.of("ranks", Map.of("rank", rank, "size", size, "rendezvous", rendezvous)))
        .under(Map.of("NCCL_HOSTID", "rank-" + rank, "NCCL_SOCKET_IFNAME", "lo"));
  }
}
