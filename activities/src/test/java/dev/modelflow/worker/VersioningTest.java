package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageKind;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers of two versions. The engine in memory knows no versions: there the same runs end as well,
 * whoever does their work.
 */
@UsesServices
class VersioningTest {
  private static final boolean VERSIONS = TestServices.temporal().isPresent();

  private final FlowFixture flow;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountingExecutor old =
      new CountingExecutor(
          "old",
          context -> {
            begun.countDown();
            released.await();
          });
  private final CountingExecutor fresh = new CountingExecutor("new", context -> {});

  VersioningTest(@TempDir Path folder) {
    flow = new FlowFixture(folder);
  }

  @AfterEach
  void close() {
    released.countDown();
    flow.close();
  }

  @Test
  void aNewVersionTakesNewAttemptsWhileTheOldOneFinishes() throws InterruptedException {
    flow.workVersioned("cpu", old);
    Run first = create(0);
    begun.await();
    flow.workVersioned("cpu", fresh);
    assertThat(flow.await(create(1).id())).isEqualTo(RunStatus.SUCCEEDED);
    released.countDown();
    assertThat(flow.await(first.id())).isEqualTo(RunStatus.SUCCEEDED);
    runFive();
    assertThat(old.executions() + fresh.executions()).isEqualTo(7);
    if (VERSIONS) {
      assertThat(old.executions()).isOne();
    }
  }

  @Test
  void aRunThatBeganWithoutVersionsGoesOnWithThem() throws InterruptedException {
    PoolWorker without = flow.work("cpu", old);
    Run first = create(0);
    begun.await();
    flow.workVersioned("cpu", fresh);
    assertThat(flow.await(create(1).id())).isEqualTo(RunStatus.SUCCEEDED);
    released.countDown();
    assertThat(flow.await(first.id())).isEqualTo(RunStatus.SUCCEEDED);
    without.close();
    runFive();
    assertThat(old.executions() + fresh.executions()).isEqualTo(7);
  }

  @Test
  void anOlderVersionLeavesNewWorkToANewerOneUntilThatIsGone() {
    released.countDown();
    flow.workVersioned("cpu", old);
    assertThat(flow.await(create(0).id())).isEqualTo(RunStatus.SUCCEEDED);
    PoolWorker newer = flow.workVersioned("cpu", fresh);
    claimed("new", true, Duration.ofMinutes(2));
    claimed("old", true, Duration.ofMinutes(2));
    runFive();
    if (VERSIONS) {
      assertThat(fresh.executions()).isEqualTo(5);
      assertThat(EngineProbe.of(flow.temporal(), List.of("cpu")).idle()).hasValue(List.of());
    }
    newer.close();
    claimed("old", true, Duration.ZERO);
    assertThat(flow.await(create(7).id())).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(old.executions() + fresh.executions()).isEqualTo(7);
  }

  @Test
  void workersWithoutVersionsGoOnWhenThoseWithVersionsAreGone() {
    released.countDown();
    PoolWorker with = flow.workVersioned("cpu", old);
    assertThat(flow.await(create(0).id())).isEqualTo(RunStatus.SUCCEEDED);
    with.close();
    flow.work("cpu", fresh);
    claimed("new", false, Duration.ZERO);
    runFive();
    assertThat(fresh.executions()).isEqualTo(5);
  }

  /** Claims new work as a worker would, until that is settled. */
  private void claimed(String code, boolean versioned, Duration silence) {
    while (!claim(code, versioned, silence)) {
      FlowFixture.pause();
    }
  }

  private boolean claim(String code, boolean versioned, Duration silence) {
    WorkflowServiceStubs stubs = TemporalClients.stubs(flow.temporal());
    try {
      VersionClaims claims = new VersionClaims(stubs, flow.temporal(), silence);
      assertThat(claims.obstacle().isEmpty()).isEqualTo(VERSIONS);
      Map<String, String> kinds =
          Arrays.stream(StageKind.values())
              .collect(Collectors.toMap(StageKind::word, kind -> code));
      return !VERSIONS
          || (claims.claim(WorkerVersion.ofFlows(versioned)).isEmpty()
              && claims.claim(WorkerVersion.ofPool("cpu", kinds, versioned)).isEmpty());
    } finally {
      stubs.shutdownNow();
    }
  }

  private void runFive() {
    List<Run> runs = IntStream.range(2, 7).mapToObj(VersioningTest.this::create).toList();
    for (Run run : runs) {
      assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    }
  }

  private Run create(int number) {
    return flow.services().create(plan(number));
  }

  private static FlowPlan plan(int number) {
    return LedgerFixture.plan(
        LedgerFixture.stage(
            "synthesize", StageKind.SYNTHESIZE, "cpu", Map.of("number", number), Map.of()));
  }
}
