package dev.modelflow.web.page;

import dev.modelflow.read.PoolQueries;
import dev.modelflow.read.PoolView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import tools.jackson.databind.JsonNode;

@Controller
class PoolsPage {
  private static final Duration SILENT = Duration.ofMinutes(1);

  private final PoolQueries pools;
  private final Clock clock;

  PoolsPage(PoolQueries pools, Clock clock) {
    this.pools = pools;
    this.clock = clock;
  }

  @GetMapping("/pools")
  String list(Model model) {
    model.addAttribute(
        "pools",
        pools.all().stream()
            .map(pool -> new Pool(pool, pool.workers().stream().map(this::row).toList()))
            .toList());
    return "pools";
  }

  private Row row(PoolView.Worker worker) {
    Instant since = clock.instant().minus(SILENT);
    String status =
        worker.lastHeardAt().isBefore(since)
            ? "silent"
            : worker.doing() == null ? "idle" : "running";
    return new Row(worker, status, devices(worker.devices()));
  }

  private static String devices(JsonNode devices) {
    return String.join(
        ", ",
        devices.valueStream().map(PoolsPage::device).filter(text -> !text.isEmpty()).toList());
  }

  private static String device(JsonNode device) {
    if (device.isString()) {
      return device.asString();
    }
    long threads = device.path("threads").asLong(0);
    String kind = device.path("kind").asString("");
    return threads == 0 ? kind : kind + ", " + threads + (threads == 1 ? " thread" : " threads");
  }

  /** A pool with its workers as rows. */
  record Pool(PoolView pool, List<Row> rows) {}

  /**
   * A worker.
   *
   * @param status {@code running}, {@code idle} or {@code silent}
   * @param devices for people
   */
  record Row(PoolView.Worker worker, String status, String devices) {}
}
