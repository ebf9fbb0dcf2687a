package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.worker.StageFailedException;
import dev.modelflow.worker.StageStoppedException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FreeDevicesTest {
  private static final Device CPU = Device.cpu(4);

  private static Device gpu(String id) {
    return Device.of(new WorkerDevice(id, "NVIDIA H100 80GB HBM3", null), 1, true);
  }

  private static void goOn() {}

  @Test
  void ranksGetAGpuEachOrShareTheProcessor() throws Exception {
    FreeDevices gpus = new FreeDevices(List.of(gpu("a"), CPU, gpu("b"), gpu("c")));
    assertThat(gpus.take(2, "pretrain", FreeDevicesTest::goOn)).containsExactly(gpu("a"), gpu("b"));
    assertThat(new FreeDevices(List.of(CPU)).take(2, "pretrain", FreeDevicesTest::goOn))
        .containsExactly(CPU);
    assertThat(CPU.shared(2).threads()).isEqualTo(2);
    assertThat(CPU.shared(8).threads()).isEqualTo(1);
  }

  @Test
  void moreRanksThanTheWorkerHasGpusAreRefusedAtOnce() {
    FreeDevices devices = new FreeDevices(List.of(gpu("a"), gpu("b")));
    assertThatThrownBy(() -> devices.take(3, "pretrain", FreeDevicesTest::goOn))
        .isInstanceOf(StageFailedException.class)
        .hasMessage(
            "Stage 'pretrain' has 3 ranks, each on a GPU of its own, but this worker has 2: lower"
                + " ranks or choose another pool");
  }

  @Test
  void whoWaitsForSeveralIsNotOvertakenByWhoWantsOne() throws Exception {
    FreeDevices devices = new FreeDevices(List.of(gpu("a"), gpu("b")));
    List<Device> first = devices.take(1, "first", FreeDevicesTest::goOn);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      AtomicInteger looks = new AtomicInteger();
      Future<List<Device>> wide =
          threads.submit(() -> devices.take(2, "wide", looks::incrementAndGet));
      while (looks.get() == 0) {
        Thread.onSpinWait();
      }
      Future<List<Device>> narrow =
          threads.submit(() -> devices.take(1, "narrow", looks::incrementAndGet));
      while (looks.get() < 4) {
        Thread.onSpinWait();
      }
      assertThat(narrow).isNotDone();
      devices.give(first);
      List<Device> both = wide.get();
      assertThat(both).hasSize(2);
      devices.give(both);
      assertThat(narrow.get()).hasSize(1);
    }
  }

  @Test
  void whoIsToStopWaitsNoLonger() throws Exception {
    FreeDevices devices = new FreeDevices(List.of(CPU));
    devices.take(1, "first", FreeDevicesTest::goOn);
    assertThatThrownBy(
            () ->
                devices.take(
                    1,
                    "second",
                    () -> {
                      throw new StageStoppedException("Cancelled");
                    }))
        .isInstanceOf(StageStoppedException.class);
    devices.give(List.of(CPU));
    assertThat(devices.take(1, "third", FreeDevicesTest::goOn)).containsExactly(CPU);
  }
}
