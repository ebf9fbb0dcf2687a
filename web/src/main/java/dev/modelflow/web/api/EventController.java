package dev.modelflow.web.api;

import dev.modelflow.read.EventQueries;
import dev.modelflow.read.EventView;
import dev.modelflow.read.RunQueries;
import dev.modelflow.web.flow.NotFoundException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

@ApiController
@Tag(name = "Runs")
class EventController {
  private final RunQueries runs;
  private final EventQueries events;
  private final EventStream stream;

  EventController(RunQueries runs, EventQueries events, EventStream stream) {
    this.runs = runs;
    this.events = events;
    this.stream = stream;
  }

  @GetMapping("/api/v1/runs/{id}/events")
  @Operation(summary = "What happened in a run, oldest first")
  Events events(
      @PathVariable String id,
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "200") int limit) {
    known(id);
    List<EventView> found = events.after(id, after, limit);
    return new Events(found, found.isEmpty() ? after : found.getLast().seq());
  }

  @GetMapping(value = "/api/v1/runs/{id}/stream", produces = "text/event-stream")
  @Operation(
      summary = "What happens in a run, live, as server-sent events",
      description =
          "'event' carries one entry of the event list, with its number as id; 'progress' carries"
              + " the run's status, its stages and how many lines its logs have, whenever they"
              + " changed, and how long to wait before a page is fetched again; 'end' says that the run is over. A comment every fifteen seconds keeps the connection open.")
  void stream(
      @PathVariable String id,
      @RequestParam(defaultValue = "0") long after,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable Long lastEvent,
      HttpServletResponse response) {
    known(id);
    stream.send(id, lastEvent == null ? after : lastEvent, response);
  }

  private void known(String id) {
    if (runs.find(id).isEmpty()) {
      throw NotFoundException.run(id);
    }
  }

  /**
   * A piece of the event list.
   *
   * @param next what to ask for as {@code after} to continue
   */
  record Events(List<EventView> events, long next) {}
}
