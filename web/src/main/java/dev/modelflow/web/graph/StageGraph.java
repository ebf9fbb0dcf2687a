package dev.modelflow.web.graph;

import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.read.StageView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The picture of a run's stages: one column for each step of the flow, every evaluation below the
 * stage whose checkpoint it measures. Lines that follow from other lines are left out, and those
 * that leave an evaluation.
 *
 * @param width in SVG units, which are CSS pixels
 * @param height in SVG units
 */
public record StageGraph(int width, int height, List<Node> nodes, List<String> edges) {
  /** Whether the flow runs from left to right, or from top to bottom on narrow screens. */
  public enum Direction {
    ACROSS,
    DOWN
  }

  /**
   * A stage's box.
   *
   * @param label the stage's name; an evaluation's is short, since it stands below its stage
   */
  public record Node(
      String name,
      String label,
      String kind,
      StageStatus status,
      int x,
      int y,
      int width,
      int height,
      boolean small) {}

  private static final int MARGIN = 2;

  /** Places the stages, which come in topological order. */
  public static StageGraph of(List<StageView> stages, Direction direction) {
    return new Layout(stages, direction).graph();
  }

  /** Works in terms of along (the flow's direction) and aside, and turns them at the end. */
  private static final class Layout {
    private final Direction direction;
    private final Map<String, StageView> byName = new LinkedHashMap<>();
    private final Map<String, Set<String>> parents = new LinkedHashMap<>();
    private final Map<String, Node> placed = new LinkedHashMap<>();
    private final int mainWidth;
    private final int gap;

    Layout(List<StageView> stages, Direction direction) {
      this.direction = direction;
      this.mainWidth = direction == Direction.ACROSS ? 108 : 172;
      this.gap = direction == Direction.ACROSS ? 16 : 18;
      stages.forEach(stage -> byName.put(stage.name(), stage));
      stages.forEach(stage -> parents.put(stage.name(), known(stage)));
      placeAfterHosts();
    }

    private Set<String> known(StageView stage) {
      Set<String> known = new LinkedHashSet<>(stage.after());
      known.retainAll(byName.keySet());
      known.remove(stage.name());
      return known;
    }

    /** What only reads evaluations, a ranking, stands after the stages that they stand below. */
    private void placeAfterHosts() {
      parents.forEach(
          (name, before) -> {
            List<String> hosts =
                before.stream()
                    .map(byName::get)
                    .filter(Objects::nonNull)
                    .map(this::hostOf)
                    .filter(Objects::nonNull)
                    .toList();
            if (!before.isEmpty() && hosts.size() == before.size()) {
              before.addAll(hosts);
            }
          });
    }

    StageGraph graph() {
      Map<Integer, List<StageView>> columns = new LinkedHashMap<>();
      Map<String, Integer> column = new HashMap<>();
      for (StageView stage : byName.values()) {
        if (hostOf(stage) == null) {
          int place = placeAfterParents(stage, column);
          column.put(stage.name(), place);
          columns.computeIfAbsent(place, any -> new ArrayList<>()).add(stage);
        }
      }
      columns.forEach(this::placeColumn);
      int right =
          placed.values().stream().mapToInt(node -> node.x() + node.width()).max().orElse(0);
      int bottom =
          placed.values().stream().mapToInt(node -> node.y() + node.height()).max().orElse(0);
      return new StageGraph(right + MARGIN, bottom + MARGIN, List.copyOf(placed.values()), edges());
    }

    private int placeAfterParents(StageView stage, Map<String, Integer> column) {
      return parents.getOrDefault(stage.name(), Set.of()).stream()
          .mapToInt(parent -> column.getOrDefault(parent, -1) + 1)
          .max()
          .orElse(0);
    }

    /** The stage below which an evaluation stands; null for other stages. */
    private @Nullable String hostOf(StageView stage) {
      if (!stage.kind().equals(StageKind.EVALUATE.word())) {
        return null;
      }
      return parents.getOrDefault(stage.name(), Set.of()).stream()
          .filter(parent -> stage.name().equals("evaluate-" + parent))
          .findFirst()
          .orElse(null);
    }

    private void placeColumn(int place, List<StageView> column) {
      int aside = MARGIN;
      for (StageView stage : column) {
        Node main = place(stage, stage.name(), place, aside, false);
        aside = end(main) + gap;
        for (StageView other : byName.values()) {
          if (stage.name().equals(hostOf(other))) {
            aside = end(place(other, "evaluate", place, aside, true)) + gap;
          }
        }
      }
    }

    private int end(Node node) {
      return direction == Direction.ACROSS ? node.y() + node.height() : node.x() + node.width();
    }

    private Node place(StageView stage, String label, int place, int aside, boolean small) {
      int height = small && direction == Direction.ACROSS ? 32 : 46;
      int width = small && direction == Direction.DOWN ? 124 : mainWidth;
      int along = MARGIN + place * (direction == Direction.ACROSS ? mainWidth + gap : 46 + gap);
      Node node =
          direction == Direction.ACROSS
              ? new Node(
                  stage.name(),
                  label,
                  stage.kind(),
                  stage.status(),
                  along,
                  aside,
                  width,
                  height,
                  small)
              : new Node(
                  stage.name(),
                  label,
                  stage.kind(),
                  stage.status(),
                  aside,
                  along,
                  width,
                  height,
                  small);
      placed.put(stage.name(), node);
      return node;
    }

    private List<String> edges() {
      List<String> edges = new ArrayList<>();
      for (StageView stage : byName.values()) {
        for (String parent : parents.getOrDefault(stage.name(), Set.of())) {
          Node from = placed.get(parent);
          Node to = placed.get(stage.name());
          if (from != null
              && to != null
              && !from.small()
              && !followsFromOthers(parent, stage.name())) {
            edges.add(line(from, to));
          }
        }
      }
      return edges;
    }

    private boolean followsFromOthers(String from, String to) {
      return parents.getOrDefault(to, Set.of()).stream()
          .filter(parent -> !parent.equals(from) && !isSmall(parent))
          .anyMatch(parent -> reaches(from, parent));
    }

    private boolean isSmall(String stage) {
      Node node = placed.get(stage);
      return node != null && node.small();
    }

    private boolean reaches(String from, String to) {
      return parents.getOrDefault(to, Set.of()).stream()
          .anyMatch(parent -> parent.equals(from) || reaches(from, parent));
    }

    private String line(Node from, Node to) {
      boolean sameColumn = from.x() == to.x();
      boolean sideways = direction == Direction.ACROSS ? !sameColumn : from.y() == to.y();
      return sideways
          ? Curves.across(from.x() + from.width(), middle(from), to.x(), middle(to))
          : Curves.down(
              from.x() + from.width() / 2,
              from.y() + from.height(),
              to.x() + to.width() / 2,
              to.y());
    }

    private static int middle(Node node) {
      return node.y() + node.height() / 2;
    }
  }
}
