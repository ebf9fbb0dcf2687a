package dev.modelflow.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.read.EventView;
import dev.modelflow.read.LiveRun;
import dev.modelflow.web.api.RunChannel.News;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessResourceFailureException;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class LiveRunsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final FakeLedger ledger = new FakeLedger();
  private final LiveRuns live = new LiveRuns(ledger::look, new JsonMapper());

  @AfterEach
  void stop() {
    live.destroy();
  }

  @Test
  void theLedgerIsAskedOnceForHundredsOfReaders() throws Exception {
    List<RunChannel> channels = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      channels.add(live.join("run-" + i % 3, 0));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<News>> news =
          channels.stream().map(channel -> threads.submit(() -> eventOf(channel))).toList();
      ledger.say("run-0", "run-1", "run-2");
      for (Future<News> each : news) {
        assertThat(each.get().events()).hasSize(1);
      }
    }
    assertThat(ledger.looks.get()).isLessThan(30);
    assertThat(ledger.most.get()).isEqualTo(3);
  }

  private static News eventOf(RunChannel channel) throws InterruptedException {
    News news = channel.await(0, PATIENCE);
    while (news.events().isEmpty()) {
      news = channel.await(news.version(), PATIENCE);
    }
    return news;
  }

  @Test
  void nobodyLooksOnceNobodyWatches() throws Exception {
    RunChannel channel = live.join("run", 0);
    channel.await(0, PATIENCE);
    live.leave(channel);
    int before = ledger.looks.get();
    RunChannel again = live.join("run", 0);
    ledger.say("run");
    assertThat(eventOf(again).events()).hasSize(1);
    assertThat(again).isNotSameAs(channel);
    assertThat(ledger.looks.get()).isGreaterThan(before);
  }

  @Test
  void aLedgerThatIsAwayForAMomentCostsNoEvent() throws Exception {
    assertThatItCostsNoEvent(new DataAccessResourceFailureException("away"));
  }

  @Test
  void aFailureOfAnyKindEndsNoStream() throws Exception {
    assertThatItCostsNoEvent(new IllegalStateException("not foreseen"));
  }

  private void assertThatItCostsNoEvent(RuntimeException failure) throws InterruptedException {
    RunChannel channel = live.join("run", 0);
    News first = channel.await(0, PATIENCE);
    ledger.failure = failure;
    ledger.say("run");
    ledger.awaitLook();
    ledger.failure = null;
    assertThat(channel.await(first.version(), PATIENCE).events()).hasSize(1);
  }

  @Test
  void aReaderWhoIsFarBehindIsToldSo() throws Exception {
    RunChannel channel = new RunChannel("run", 10);
    List<RunChannel.Line> lines = new ArrayList<>();
    for (long seq = 11; seq <= 700; seq++) {
      lines.add(new RunChannel.Line(seq, "x"));
    }
    channel.publish(lines, "state", false);
    News news = channel.await(0, PATIENCE);
    assertThat(news.misses(10)).isTrue();
    assertThat(news.misses(news.from())).isFalse();
    assertThat(news.after(news.from())).hasSize(500).last().extracting("seq").isEqualTo(700L);
  }

  @Test
  void manyReadersFetchTheirPagesLessOften() {
    Pace pace = new Pace();
    assertThat(pace.pauseMillis()).isEqualTo(1500);
    for (int i = 0; i < 200; i++) {
      pace.joined();
    }
    assertThat(pace.pauseMillis()).isEqualTo(12_000);
    for (int i = 0; i < 200; i++) {
      pace.left();
    }
    assertThat(pace.pauseMillis()).isEqualTo(1500);
  }

  /** Runs that have said something. */
  private static final class FakeLedger {
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Map<String, Long> said = new ConcurrentHashMap<>();
    private volatile @Nullable RuntimeException failure;

    void say(String... runs) {
      for (String run : runs) {
        said.merge(run, 1L, Long::sum);
      }
    }

    void awaitLook() throws InterruptedException {
      int before = looks.get();
      while (looks.get() < before + 2) {
        Thread.sleep(10);
      }
    }

    Map<String, LiveRun> look(Map<String, Long> watched) {
      looks.incrementAndGet();
      most.accumulateAndGet(watched.size(), Math::max);
      @Nullable RuntimeException now = failure;
      if (now != null) {
        throw now;
      }
      Map<String, LiveRun> found = new HashMap<>();
      watched.forEach((run, after) -> found.put(run, run(after, said.getOrDefault(run, 0L))));
      return found;
    }

    private static LiveRun run(long after, long said) {
      List<EventView> events = new ArrayList<>();
      for (long seq = after + 1; seq <= said; seq++) {
        events.add(new EventView(seq, null, "info", "said", Instant.EPOCH));
      }
      return new LiveRun(RunStatus.RUNNING, 0, 1, 0, List.of(), events);
    }
  }
}
