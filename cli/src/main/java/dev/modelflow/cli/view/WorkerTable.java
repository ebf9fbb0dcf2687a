package dev.modelflow.cli.view;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Workers as the API describes them, a line each. */
public final class WorkerTable {
  private final JsonNode workers;

  /** A table of the API's answer. */
  public WorkerTable(JsonNode workers) {
    this.workers = workers;
  }

  /** The lines, header first. */
  public List<String> render() {
    Table table =
        new Table("worker", "pool", "state", "does", "devices", ">memory", "labels", ">heard");
    for (JsonNode worker : workers) {
      table.add(
          worker.path("id").asString(""),
          worker.path("pool").asString(""),
          worker.path("state").asString(""),
          doing(worker),
          devices(worker),
          bytes(worker.path("memory")),
          labels(worker),
          heard(worker));
    }
    return table.render();
  }

  private static String doing(JsonNode worker) {
    return worker
        .path("doing")
        .valueStream()
        .map(
            task ->
                "%s of %s (attempt %d)"
                    .formatted(
                        task.path("stage").asString(""),
                        task.path("run").asString(""),
                        task.path("epoch").asInt(0)))
        .collect(Collectors.joining(", "));
  }

  private static String devices(JsonNode worker) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    worker
        .path("devices")
        .forEach(device -> counts.merge(device.path("name").asString(""), 1, Integer::sum));
    return counts.entrySet().stream()
        .map(each -> each.getValue() == 1 ? each.getKey() : each.getValue() + "x " + each.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String labels(JsonNode worker) {
    return worker
        .path("labels")
        .propertyStream()
        .map(label -> label.getKey() + "=" + label.getValue().asString(""))
        .collect(Collectors.joining(","));
  }

  private static String bytes(JsonNode bytes) {
    return bytes.isNumber() ? Numbers.bytes(bytes.asLong()) : "";
  }

  private static String heard(JsonNode worker) {
    return Times.parse(worker.path("lastHeardAt").asString(""))
        .map(at -> Numbers.time(Duration.between(at, Instant.now())) + " ago")
        .orElse("");
  }
}
