package dev.modelflow.web.page;

import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.domain.WorkerDuty;
import dev.modelflow.read.PoolQueries;
import dev.modelflow.read.PoolView;
import dev.modelflow.read.WorkerView;
import dev.modelflow.web.flow.Fleet;
import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/** The pools with their workers; each button answers with a redirect to them. */
@Controller
class WorkersPage {
  private static final long GIBIBYTE = 1L << 30;
  private static final String BACK = "redirect:/workers";

  private final PoolQueries pools;
  private final Fleet fleet;
  private final Format format;

  WorkersPage(PoolQueries pools, Fleet fleet, Format format) {
    this.pools = pools;
    this.fleet = fleet;
    this.format = format;
  }

  @GetMapping("/workers")
  String list(Model model) {
    model.addAttribute(
        "pools",
        pools.all().stream()
            .map(pool -> new Pool(pool, pool.workers().stream().map(this::row).toList()))
            .toList());
    return "workers";
  }

  @PostMapping("/workers/{id}/cordon")
  String cordon(@PathVariable String id, Principal caller) {
    fleet.assign(id, WorkerDuty.CORDONED, caller.getName());
    return BACK;
  }

  @PostMapping("/workers/{id}/drain")
  String drain(@PathVariable String id, Principal caller) {
    fleet.assign(id, WorkerDuty.DRAINED, caller.getName());
    return BACK;
  }

  @PostMapping("/workers/{id}/uncordon")
  String uncordon(@PathVariable String id, Principal caller) {
    fleet.assign(id, WorkerDuty.READY, caller.getName());
    return BACK;
  }

  @PostMapping("/workers/{id}/forget")
  String forget(@PathVariable String id, Principal caller) {
    fleet.forget(id, caller.getName());
    return BACK;
  }

  private Row row(WorkerView worker) {
    String labels =
        worker.labels().entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(" "));
    return new Row(worker, devices(worker), machine(worker), labels);
  }

  /** Equal devices are counted: {@code 8 × NVIDIA A100-SXM4-80GB, 80 GiB}. */
  private static String devices(WorkerView worker) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    worker.devices().forEach(device -> counts.merge(device(device), 1, Integer::sum));
    return counts.entrySet().stream()
        .map(each -> (each.getValue() == 1 ? "" : each.getValue() + " × ") + each.getKey())
        .collect(Collectors.joining("; "));
  }

  private static String device(WorkerDevice device) {
    Long memory = device.memory();
    // Makers of GPUs count in powers of 1024.
    return memory == null
        ? device.name()
        : "%s, %d GiB".formatted(device.name(), Math.round((double) memory / GIBIBYTE));
  }

  private String machine(WorkerView worker) {
    Integer cores = worker.cores();
    Long memory = worker.memory();
    if (cores == null || memory == null) {
      return "";
    }
    return "%d %s, %s".formatted(cores, cores == 1 ? "core" : "cores", format.bytes(memory));
  }

  /** A pool with its workers as rows. */
  record Pool(PoolView pool, List<Row> rows) {}

  /**
   * A worker.
   *
   * @param devices for people
   * @param machine its cores and memory, for people; empty where it did not say
   * @param labels for people
   */
  record Row(WorkerView worker, String devices, String machine, String labels) {}
}
