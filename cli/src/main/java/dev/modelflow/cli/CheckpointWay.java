package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.order.Link;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The checkpoints that weights passed through on the way to one, as the ledger has them. */
final class CheckpointWay {
  private static final String CHECKPOINT = "checkpoint";
  private static final String BRANCH = "branch";

  private final Api api;
  private final Set<String> seen = new HashSet<>();
  private final List<Link> links = new ArrayList<>();

  private CheckpointWay(Api api) {
    this.api = api;
  }

  /**
   * The way to this checkpoint, each checkpoint once and after all that it came from; of a merge
   * all ways. Throws {@link UsageException} when the artifact is no checkpoint.
   */
  static List<Link> to(Api api, String checkpoint) {
    CheckpointWay way = new CheckpointWay(api);
    way.follow(checkpoint);
    return way.links;
  }

  private void follow(String checkpoint) {
    if (seen.add(checkpoint)) {
      Made made = made(checkpoint);
      Link link = new Link(checkpoint, made.run(), made.stage(), made.inputs(), earlier(made));
      link.before().forEach(this::follow);
      links.add(link);
    }
  }

  /** A checkpoint's maker and what it read. */
  private record Made(String run, String stage, Map<String, String> inputs) {
    /** Another stage may have made the same checkpoint of other inputs: a mean has no order. */
    boolean isBy(JsonNode maker) {
      return run.isEmpty()
          || (run.equals(maker.path("run").asString(""))
              && stage.equals(maker.path("stage").asString("")));
    }
  }

  private Made made(String checkpoint) {
    JsonNode graph =
        api.get(
            Api.path("artifacts", checkpoint, "lineage")
                + "?direction=ancestors&depth=1&budget=500");
    JsonNode focus = graph.path("nodes").path(0);
    String kind = focus.path("kind").asString("");
    if (!kind.equals(CHECKPOINT)) {
      throw new UsageException(
          "%s is a %s: give a checkpoint, see modelflow checkpoints RUN"
              .formatted(checkpoint, kind));
    }
    Made made =
        new Made(focus.path("run").asString(""), focus.path("stage").asString(""), new HashMap<>());
    for (JsonNode edge : graph.path("edges")) {
      if (edge.path("dst").asString("").equals(checkpoint) && made.isBy(edge.path("stage"))) {
        made.inputs().put(edge.path("role").asString(""), edge.path("src").asString(""));
      }
    }
    return made;
  }

  private List<Map<String, String>> earlier(Made made) {
    List<Map<String, String>> earlier = new ArrayList<>();
    Set<String> branches = new HashSet<>();
    String branch = made.inputs().get(BRANCH);
    while (branch != null && branches.add(branch)) {
      Map<String, String> inputs = made(branch).inputs();
      earlier.add(inputs);
      branch = inputs.get(BRANCH);
    }
    return earlier;
  }
}
