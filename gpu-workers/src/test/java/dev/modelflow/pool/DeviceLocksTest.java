package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.WorkerDevice;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DeviceLocksTest {
  private static final String GPU = "GPU-5a8c8b21-9c6e-4f0e-a1d3-70f6c2b4e9d7";

  @TempDir private Path folder;

  @Test
  void aGpuIsFreeAtOnceWhenItsWorkerIsKilledButTrainersWaitForTheOneItLeft() throws Exception {
    Process worker = holder();
    BufferedReader said = worker.inputReader();
    assertThat(said.readLine()).isEqualTo("taken");
    long orphan = Long.parseLong(said.readLine().substring("begun ".length()));
    DeviceLocks locks = new DeviceLocks(folder);
    assertThat(locks.take(GPU)).isFalse();

    worker.destroyForcibly().waitFor();

    assertThat(ProcessHandle.of(orphan)).isPresent();
    assertThat(locks.take(GPU)).isTrue();
    Device gpu = Device.of(new WorkerDevice(GPU, "a GPU", null), 1, true);
    Process next =
        new ProcessBuilder(
                locks.guard(
                    gpu,
                    List.of(
                        "sh",
                        "-c",
                        "grep -q sleep /proc/%d/cmdline && echo both || echo alone"
                            .formatted(orphan))))
            .start();
    awaitInLine(next.pid());
    ProcessHandle.of(orphan).ifPresent(ProcessHandle::destroyForcibly);
    assertThat(next.inputReader().readLine()).isEqualTo("alone");
  }

  @Test
  void aTrainerThatWaitedTooLongForAnotherSaysSoByItsStatus() throws Exception {
    DeviceLocks locks = new DeviceLocks(folder, Duration.ofSeconds(1));
    Device gpu = Device.of(new WorkerDevice(GPU, "a GPU", null), 1, true);
    Process first =
        new ProcessBuilder(locks.guard(gpu, List.of("sh", "-c", "echo in; cat"))).start();
    assertThat(first.inputReader().readLine()).isEqualTo("in");
    assertThat(new ProcessBuilder(locks.guard(gpu, List.of("true"))).start().waitFor())
        .isEqualTo(DeviceLocks.TAKEN);
    first.destroyForcibly().waitFor();
    assertThat(new ProcessBuilder(locks.guard(gpu, List.of("true"))).start().waitFor()).isZero();
  }

  @Test
  void theProcessorNeedsNoGuard() {
    assertThat(new DeviceLocks(folder).guard(Device.cpu(1), List.of("train")))
        .containsExactly("train");
  }

  /** Waits until the process waits for a lock. */
  private static void awaitInLine(long pid) throws IOException {
    String waiting = "-> FLOCK  ADVISORY  WRITE " + pid + " ";
    while (!Files.readString(Path.of("/proc/locks")).contains(waiting)) {
      Thread.onSpinWait();
    }
  }

  private Process holder() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            LockHolder.class.getName(),
            folder.toString(),
            GPU)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
