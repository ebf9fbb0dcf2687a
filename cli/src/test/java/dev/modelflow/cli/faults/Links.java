package dev.modelflow.cli.faults;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Toxiproxy's API. */
final class Links {
  private final Http http;
  private final JsonMapper json = new JsonMapper();

  /** The API at this port of loopback. */
  Links(int port) {
    this.http = new Http(port);
  }

  /** Lets a link through again, or drops its connections and refuses new ones. */
  void enable(Link link, boolean enabled) {
    http.send("POST", "/proxies/" + link, json.writeValueAsString(Map.of("enabled", enabled)));
  }

  /** Puts a toxic on a link; one of its name that is there is replaced. */
  void add(Link link, Toxic toxic) {
    remove(link, toxic);
    http.send(
        "POST",
        "/proxies/" + link + "/toxics",
        json.writeValueAsString(
            Map.of(
                "name", toxic.name(),
                "type", toxic.type(),
                "stream", toxic.stream().word(),
                "attributes", toxic.attributes())));
  }

  /** Takes a toxic off a link; harmless when it is not there. */
  void remove(Link link, Toxic toxic) {
    http.sendUnlessMissing("DELETE", "/proxies/" + link + "/toxics/" + toxic.name());
  }

  /** Heals all links. */
  void reset() {
    http.send("POST", "/reset", "");
  }
}
