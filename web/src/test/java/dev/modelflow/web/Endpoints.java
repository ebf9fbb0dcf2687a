package dev.modelflow.web;

import dev.modelflow.read.SampleLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every address that a controller answers, as the server itself knows them. */
final class Endpoints {
  private Endpoints() {}

  /**
   * A method and a path, with sample values for its variables.
   *
   * @param pattern as the controller declares it
   */
  record Endpoint(String method, String pattern, String path) {
    boolean isApi() {
      return path.startsWith("/api/");
    }

    boolean changes() {
      return !method.equals("GET");
    }

    @Override
    public String toString() {
      return method + " " + pattern;
    }
  }

  static List<Endpoint> all(Site site) {
    List<Endpoint> endpoints = new ArrayList<>();
    site.web()
        .context()
        .getBeansOfType(RequestMappingHandlerMapping.class)
        .values()
        .forEach(
            mapping -> mapping.getHandlerMethods().keySet().forEach(info -> add(endpoints, info)));
    return endpoints;
  }

  private static void add(List<Endpoint> endpoints, RequestMappingInfo info) {
    Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
    for (String pattern : info.getPatternValues()) {
      if (methods.isEmpty()) {
        endpoints.add(new Endpoint("GET", pattern, sample(pattern)));
        endpoints.add(new Endpoint("POST", pattern, sample(pattern)));
      }
      methods.forEach(
          method -> endpoints.add(new Endpoint(method.name(), pattern, sample(pattern))));
    }
  }

  private static String sample(String pattern) {
    String id =
        pattern.contains("/artifacts/")
            ? SampleLedger.checkpoint("pretrain", 600)
            : SampleLedger.DONE;
    return pattern
        .replace("{id}", id)
        .replace("{*path}", "config.json")
        .replaceAll("\\{[^}]*}", "x");
  }
}
