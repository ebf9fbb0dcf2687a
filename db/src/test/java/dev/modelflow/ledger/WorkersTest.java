package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.domain.WorkerDuty;
import dev.modelflow.domain.WorkerState;
import dev.modelflow.read.WorkerQueries;
import dev.modelflow.read.WorkerView;
import dev.modelflow.services.UsesServices;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@UsesServices
class WorkersTest {
  private static final NewWorker WORKER =
      LedgerFixture.worker("cpu-1", "cpu", Map.of("synthesize", "1"));

  private final LedgerFixture fixture = new LedgerFixture();
  private final Workers workers = fixture.ledger().workers();
  private final WorkerQueries queries = new WorkerQueries(fixture.ledger().jdbc());

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aWorkerIsShownAsItRegistered() {
    workers.register(WORKER);
    WorkerView shown = shown();
    assertThat(shown.state()).isEqualTo(WorkerState.READY);
    assertThat(shown.cores()).isEqualTo(2);
    assertThat(shown.memory()).isEqualTo(4_000_000_000L);
    assertThat(shown.devices()).containsExactly(WorkerDevice.cpu());
    assertThat(shown.labels()).isEqualTo(Map.of("zone", "a"));
    assertThat(shown.version()).isEqualTo(WORKER.version());
    assertThat(shown.doing()).isEmpty();
    assertThat(queries.all()).containsExactly(shown);
  }

  @Test
  void whatAWorkerWasToldOutlivesItsRestart() {
    assertThat(workers.register(WORKER)).isEqualTo(WorkerDuty.READY);
    assertThat(workers.assign("cpu-1", WorkerDuty.CORDONED, "ada")).isTrue();
    assertThat(workers.heard("cpu-1", null)).hasValue(WorkerDuty.CORDONED);
    assertThat(workers.register(WORKER)).isEqualTo(WorkerDuty.CORDONED);
    assertThat(shown().state()).isEqualTo(WorkerState.CORDONED);
    assertThat(shown().toldBy()).isEqualTo("ada");
  }

  @Test
  void tellingAWorkerTwiceIsRecordedOnce() {
    workers.register(WORKER);
    assertThat(workers.assign("cpu-1", WorkerDuty.DRAINED, "ada")).isTrue();
    assertThat(workers.assign("cpu-1", WorkerDuty.DRAINED, "bob")).isFalse();
    assertThat(workers.assign("cpu-1", WorkerDuty.READY, "bob")).isTrue();
    assertThat(workers.assign("nobody", WorkerDuty.READY, "bob")).isFalse();
    assertThat(
            fixture
                .ledger()
                .jdbc()
                .sql(
                    "select actor || ' ' || action || ' ' || subject from audit_event order by seq")
                .query(String.class)
                .list())
        .containsExactly("ada drain-worker cpu-1", "bob uncordon-worker cpu-1");
    assertThat(fixture.ledger().audit().verify().firstBroken()).isNull();
  }

  @Test
  void aDrainedWorkerIsDrainingWhileItHasAnAttempt() {
    workers.register(WORKER);
    workers.assign("cpu-1", WorkerDuty.DRAINED, "ada");
    Run run = fixture.create(LedgerFixture.twoStages());
    fixture.ledger().runs().begin(run.id());
    Stage stage = fixture.ledger().stages().get(run.id(), "synthesize");
    Fence fence = fixture.ledger().attempts().begin(stage, "cpu-1", Map.of()).orElseThrow();

    assertThat(shown().state()).isEqualTo(WorkerState.DRAINING);
    assertThat(shown().doing())
        .extracting(WorkerView.Doing::run, WorkerView.Doing::stage, WorkerView.Doing::epoch)
        .containsExactly(tuple(run.id(), "synthesize", 1));

    fixture.ledger().attempts().stop(fence, "Worker cpu-1 is drained");
    assertThat(shown().state()).isEqualTo(WorkerState.DRAINED);
  }

  @Test
  void anAttemptFromBeforeTheLastStartIsNotWhatAWorkerDoes() {
    workers.register(WORKER);
    Run run = fixture.create(LedgerFixture.twoStages());
    fixture.ledger().runs().begin(run.id());
    Stage stage = fixture.ledger().stages().get(run.id(), "synthesize");
    assertThat(fixture.ledger().attempts().begin(stage, "cpu-1", Map.of())).isPresent();
    assertThat(shown().doing()).hasSize(1);
    workers.register(WORKER);
    assertThat(shown().doing()).isEmpty();
  }

  @Test
  void onlyALostWorkerIsForgottenAndItMayComeBack() {
    workers.register(WORKER);
    workers.assign("cpu-1", WorkerDuty.CORDONED, "ada");
    assertThat(workers.forget("cpu-1", "ada")).isFalse();
    silence("40 seconds");
    assertThat(shown().state()).isEqualTo(WorkerState.LOST);
    assertThat(workers.forget("cpu-1", "ada")).isTrue();
    assertThat(queries.find("cpu-1")).isEmpty();
    assertThat(workers.heard("cpu-1", null)).isEmpty();
    assertThat(workers.register(WORKER)).isEqualTo(WorkerDuty.READY);
  }

  @Test
  void aWorkerThatEndedInGoodOrderIsNotLost() {
    workers.register(WORKER);
    workers.end("cpu-1");
    silence("1 minute");
    assertThat(shown().state()).isEqualTo(WorkerState.ENDED);
    workers.register(WORKER);
    assertThat(shown().state()).isEqualTo(WorkerState.READY);
    workers.end("cpu-1");
    assertThat(workers.forget("cpu-1", "ada")).isTrue();
  }

  @Test
  void aWorkerThatWasNotHeardForAMonthIsNotListed() {
    workers.register(WORKER);
    silence("31 days");
    assertThat(queries.all()).isEmpty();
    assertThat(queries.find("cpu-1")).isPresent();
  }

  @Test
  void aWorkerOfAnEarlierVersionIsShownAsFarAsItIsKnown() {
    fixture
        .ledger()
        .jdbc()
        .sql(
            """
            insert into worker (id, pool, host, pid, devices, kinds)
            values ('cpu-1', 'cpu', 'old', 1, '["cpu"]', '{}')
            """)
        .update();
    assertThat(shown().devices()).isEqualTo(List.of(WorkerDevice.cpu()));
    assertThat(shown().memory()).isNull();
    assertThat(shown().version()).isNull();
  }

  private void silence(String interval) {
    fixture
        .ledger()
        .jdbc()
        .sql("update worker set last_heard_at = now() - cast(:interval as interval)")
        .param("interval", interval)
        .update();
  }

  private WorkerView shown() {
    return queries.find("cpu-1").orElseThrow();
  }
}
