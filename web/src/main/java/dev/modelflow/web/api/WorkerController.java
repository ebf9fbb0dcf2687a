package dev.modelflow.web.api;

import dev.modelflow.domain.WorkerDuty;
import dev.modelflow.read.WorkerQueries;
import dev.modelflow.read.WorkerView;
import dev.modelflow.web.flow.Fleet;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.security.Principal;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

@ApiController
@Tag(name = "Workers")
class WorkerController {
  private final WorkerQueries workers;
  private final Fleet fleet;

  WorkerController(WorkerQueries workers, Fleet fleet) {
    this.workers = workers;
    this.fleet = fleet;
  }

  @GetMapping("/api/v1/workers")
  @Operation(
      summary = "Workers, what they are and what each does; ended ones for a day, lost ones for 30")
  List<WorkerView> list() {
    return workers.all();
  }

  @GetMapping("/api/v1/workers/{id}")
  @Operation(summary = "One worker")
  WorkerView one(@PathVariable String id) {
    return fleet.known(id);
  }

  @PostMapping("/api/v1/workers/{id}/cordon")
  @Operation(summary = "Have a worker take no new attempt and finish those that it has")
  WorkerView cordon(@PathVariable String id, Principal caller) {
    return fleet.assign(id, WorkerDuty.CORDONED, caller.getName());
  }

  @PostMapping("/api/v1/workers/{id}/drain")
  @Operation(
      summary =
          "Have a worker take no new attempt and stop those that it has with a last checkpoint;"
              + " other workers of its pool go on from there")
  WorkerView drain(@PathVariable String id, Principal caller) {
    return fleet.assign(id, WorkerDuty.DRAINED, caller.getName());
  }

  @PostMapping("/api/v1/workers/{id}/uncordon")
  @Operation(summary = "Have a cordoned or drained worker take attempts again")
  WorkerView uncordon(@PathVariable String id, Principal caller) {
    return fleet.assign(id, WorkerDuty.READY, caller.getName());
  }

  @PostMapping("/api/v1/workers/{id}/forget")
  @Operation(
      summary = "Drop a worker that was lost or ended from the lists; answers with how it stood")
  WorkerView forget(@PathVariable String id, Principal caller) {
    return fleet.forget(id, caller.getName());
  }
}
