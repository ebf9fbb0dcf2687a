package dev.modelflow.web.graph;

import dev.modelflow.read.ArtifactView;
import dev.modelflow.read.Lineage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The picture of an artifact's surroundings: ancestors to the left, descendants to the right, one
 * column for each length of the longest way.
 *
 * @param width in SVG units, which are CSS pixels
 * @param height in SVG units
 */
public record LineageGraph(int width, int height, List<Node> nodes, List<Link> links) {
  /** An artifact's box. */
  public record Node(
      ArtifactView artifact, String label, int distance, int x, int y, int width, int height) {}

  /** A line from what was read to what was made. */
  public record Link(String path, String title) {}

  private static final int WIDTH = 176;
  private static final int HEIGHT = 46;
  private static final int GAP_ACROSS = 64;
  private static final int GAP_DOWN = 14;
  private static final int MARGIN = 2;

  /** What a person calls the artifact: {@code stage@step} or {@code stage / output}. */
  public static String label(ArtifactView artifact) {
    if (artifact.maker() == null) {
      return artifact.kind().word();
    }
    String stage = artifact.maker().stage();
    if (artifact.step() != null) {
      return stage + "@" + artifact.step();
    }
    return artifact.output() == null || artifact.output().equals(artifact.kind().word())
        ? stage
        : artifact.output();
  }

  /** Places the nodes. */
  public static LineageGraph of(Lineage lineage) {
    Map<Integer, List<Lineage.Node>> columns = new TreeMap<>();
    Map<String, Integer> layers = layers(lineage);
    for (Lineage.Node node : lineage.nodes()) {
      int layer = layers.getOrDefault(node.artifact().id(), 0);
      columns.computeIfAbsent(layer, any -> new ArrayList<>()).add(node);
    }
    int tallest = columns.values().stream().mapToInt(List::size).max().orElse(1);
    Map<String, Node> placed = new HashMap<>();
    int x = MARGIN;
    for (List<Lineage.Node> column : columns.values()) {
      column.sort(Comparator.comparing(node -> order(node.artifact())));
      int y = MARGIN + (tallest - column.size()) * (HEIGHT + GAP_DOWN) / 2;
      for (Lineage.Node node : column) {
        ArtifactView artifact = node.artifact();
        placed.put(
            artifact.id(),
            new Node(artifact, label(artifact), node.distance(), x, y, WIDTH, HEIGHT));
        y += HEIGHT + GAP_DOWN;
      }
      x += WIDTH + GAP_ACROSS;
    }
    return new LineageGraph(
        x - GAP_ACROSS + MARGIN,
        tallest * (HEIGHT + GAP_DOWN) - GAP_DOWN + 2 * MARGIN,
        List.copyOf(placed.values()),
        links(lineage, placed));
  }

  /** The longest way to the focus: what was read never stands in the column of what it made. */
  private static Map<String, Integer> layers(Lineage lineage) {
    Map<String, Integer> layers = new HashMap<>();
    lineage.nodes().forEach(node -> layers.put(node.artifact().id(), node.distance()));
    boolean moved = true;
    for (int round = 0; moved && round < lineage.nodes().size(); round++) {
      moved = false;
      for (Lineage.Edge edge : lineage.edges()) {
        int src = layers.getOrDefault(edge.src(), 0);
        int dst = layers.getOrDefault(edge.dst(), 0);
        if (src >= dst) {
          moved = true;
          if (dst <= 0) {
            layers.put(edge.src(), dst - 1);
          } else {
            layers.put(edge.dst(), src + 1);
          }
        }
      }
    }
    return layers;
  }

  /** Steps of one stage below each other, in their order. */
  private static String order(ArtifactView artifact) {
    String stage =
        artifact.maker() == null ? "" : artifact.maker().run() + artifact.maker().stage();
    return "%s %s %012d"
        .formatted(artifact.kind(), stage, artifact.step() == null ? 0L : artifact.step());
  }

  private static List<Link> links(Lineage lineage, Map<String, Node> placed) {
    Set<Link> links = new LinkedHashSet<>();
    for (Lineage.Edge edge : lineage.edges()) {
      Node from = placed.get(edge.src());
      Node to = placed.get(edge.dst());
      if (from != null && to != null) {
        links.add(
            new Link(
                Curves.across(from.x() + WIDTH, from.y() + HEIGHT / 2, to.x(), to.y() + HEIGHT / 2),
                "%s of %s".formatted(edge.role(), edge.stage().stage())));
      }
    }
    return List.copyOf(links);
  }
}
