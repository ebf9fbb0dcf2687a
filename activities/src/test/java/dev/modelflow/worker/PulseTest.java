package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.ledger.Fence;
import dev.modelflow.ledger.FencedException;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import dev.modelflow.read.LogQueries;
import dev.modelflow.services.UsesServices;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessException;

@UsesServices
@Timeout(60)
class PulseTest {
  private final LedgerFixture fixture = new LedgerFixture();
  private final Ledger ledger = fixture.ledger();
  private final Stage stage = stage();
  private final Fence fence = ledger.attempts().begin(stage, "w", Map.of()).orElseThrow();
  private final Pulse pulse = new Pulse(ledger.attempts(), fence, step -> {});

  @AfterEach
  void close() {
    pulse.close();
    fixture.close();
  }

  @Test
  void whatTheLedgerCouldNotTakeIsWrittenTheNextTime() {
    ledger.jdbc().sql("alter table metric rename to metric_away").update();
    ledger.jdbc().sql("alter table stage rename column current_step to step_away").update();
    pulse.metrics(1, Map.of("loss", 2.0));
    pulse.progress(1, 10L, null);
    ledger.jdbc().sql("alter table log_chunk rename to log_away").update();
    pulse.log("one");
    assertThatThrownBy(pulse::flush).isInstanceOf(DataAccessException.class);
    pulse.metrics(2, Map.of("loss", 1.0));
    ledger.jdbc().sql("alter table metric_away rename to metric").update();
    assertThatThrownBy(pulse::flush).isInstanceOf(DataAccessException.class);
    ledger.jdbc().sql("alter table stage rename column step_away to current_step").update();
    pulse.log("two");
    assertThatThrownBy(pulse::flush).isInstanceOf(DataAccessException.class);
    ledger.jdbc().sql("alter table log_away rename to log_chunk").update();
    pulse.flush();
    assertThat(new LogQueries(ledger.jdbc()).text(stage.runId(), stage.name(), 1, 10))
        .isEqualTo("one\ntwo\n");
    assertThat(losses()).containsExactly(2.0, 1.0);
    assertThat(
            ledger
                .jdbc()
                .sql("select current_step from stage where id = :id")
                .param("id", stage.id())
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  @Test
  void theLastWordsStandWithTheSuccessOrStillWait() {
    pulse.log("one");
    assertThatThrownBy(
            () ->
                pulse.flush(
                    said -> {
                      throw new IllegalStateException("The ledger is away");
                    }))
        .isInstanceOf(IllegalStateException.class);
    pulse.log("two");
    pulse.flush(said -> ledger.attempts().succeed(fence, Map.of(), Map.of(), said));
    assertThat(new LogQueries(ledger.jdbc()).text(stage.runId(), stage.name(), 1, 10))
        .isEqualTo("one\ntwo\n");
    assertThatThrownBy(() -> pulse.flush(said -> ledger.attempts().log(fence, said)))
        .isInstanceOf(FencedException.class);
  }

  @Test
  void aFlushWaitsForTheOneInFlight() throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread blocker = new Thread(() -> hold(held, release));
    blocker.start();
    held.await();
    pulse.metrics(1, Map.of("loss", 2.0));
    Thread first = new Thread(pulse::flush);
    first.start();
    await(this::aWriterWaits);

    Thread second = new Thread(pulse::flush);
    second.start();
    await(() -> second.getState() == Thread.State.WAITING || !second.isAlive());
    boolean waited = second.isAlive();
    release.countDown();
    for (Thread thread : List.of(blocker, first, second)) {
      thread.join();
    }

    assertThat(waited).isTrue();
    assertThat(losses()).containsExactly(2.0);
  }

  /** Keeps writers from the table of metrics until it is released. */
  private void hold(CountDownLatch held, CountDownLatch release) {
    ledger
        .transactions()
        .run(
            () -> {
              ledger.jdbc().sql("lock table metric in exclusive mode").update();
              held.countDown();
              try {
                release.await();
              } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
              }
            });
  }

  private boolean aWriterWaits() {
    return ledger
        .jdbc()
        .sql(
            """
            select exists (select 1 from pg_locks
                           where not granted and relation = 'metric'::regclass)
            """)
        .query(Boolean.class)
        .single();
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private List<Double> losses() {
    return ledger
        .jdbc()
        .sql("select value from metric where stage_id = :id order by step")
        .param("id", stage.id())
        .query(Double.class)
        .list();
  }

  private Stage stage() {
    Run run = fixture.create(LedgerFixture.twoStages());
    ledger.runs().begin(run.id());
    return ledger.stages().get(run.id(), "synthesize");
  }
}
