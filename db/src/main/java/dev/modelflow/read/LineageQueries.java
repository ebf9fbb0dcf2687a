package dev.modelflow.read;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Walks the edges between artifacts, breadth first, one question per level. */
public final class LineageQueries {
  /** The deepest walk. */
  public static final int MOST_DEPTH = 50;

  /** The largest node budget. */
  public static final int MOST_NODES = 500;

  private final JdbcClient db;
  private final ArtifactQueries artifacts;

  /** Asks the ledger behind {@code db}. */
  public LineageQueries(JdbcClient db) {
    this.db = db;
    this.artifacts = new ArtifactQueries(db);
  }

  /**
   * The surroundings of an artifact; empty when the ledger does not know it.
   *
   * @param depth the most edges from the focus, 1 to {@link #MOST_DEPTH}
   * @param budget the most nodes, the focus included, 1 to {@link #MOST_NODES}
   */
  public Optional<Lineage> around(
      String focus, Lineage.Direction direction, int depth, int budget) {
    if (artifacts.find(focus).isEmpty()) {
      return Optional.empty();
    }
    Walk walk = new Walk(focus, Math.clamp(budget, 1, MOST_NODES));
    int levels = Math.clamp(depth, 1, MOST_DEPTH);
    if (direction != Lineage.Direction.DOWN) {
      follow(walk, true, levels);
    }
    if (direction != Lineage.Direction.UP) {
      follow(walk, false, levels);
    }
    return Optional.of(finish(walk));
  }

  private void follow(Walk walk, boolean up, int levels) {
    Set<String> frontier = Set.of(walk.focus);
    for (int level = 1; !frontier.isEmpty(); level++) {
      Set<String> next = new LinkedHashSet<>();
      for (Lineage.Edge edge : edges(frontier, up, walk)) {
        String reached = up ? edge.src() : edge.dst();
        if (!walk.distances.containsKey(reached)) {
          if (level > levels || walk.distances.size() >= walk.budget) {
            walk.truncated = true;
            continue;
          }
          walk.distances.put(reached, up ? -level : level);
          next.add(reached);
        }
        walk.edges.add(edge);
      }
      frontier = next;
    }
  }

  /** At most as many edges as could still lead to a new node several times over. */
  private List<Lineage.Edge> edges(Set<String> frontier, boolean up, Walk walk) {
    int limit = walk.budget * 8;
    List<Lineage.Edge> found =
        db.sql(
                """
                select edge.src, edge.dst, edge.role, stage.run_id, stage.name
                from edge join stage on stage.id = edge.stage_id
                where %s = any(:frontier) order by edge.dst, edge.src, edge.role, stage.id limit :limit
                """
                    .formatted(up ? "edge.dst" : "edge.src"))
            .param("frontier", frontier.toArray(String[]::new))
            .param("limit", limit + 1)
            .query(
                (row, number) ->
                    new Lineage.Edge(
                        row.getString("src"),
                        row.getString("dst"),
                        row.getString("role"),
                        new StageRef(row.getString("run_id"), row.getString("name"))))
            .list();
    if (found.size() > limit) {
      walk.truncated = true;
      return found.subList(0, limit);
    }
    return found;
  }

  private Lineage finish(Walk walk) {
    List<Lineage.Node> nodes = new ArrayList<>();
    for (ArtifactView artifact : artifacts.all(walk.distances.keySet())) {
      nodes.add(new Lineage.Node(artifact, walk.distances.getOrDefault(artifact.id(), 0)));
    }
    nodes.sort(
        Comparator.comparingInt((Lineage.Node node) -> Math.abs(node.distance()))
            .thenComparingInt(Lineage.Node::distance)
            .thenComparing(node -> node.artifact().id()));
    return new Lineage(walk.focus, List.copyOf(nodes), List.copyOf(walk.edges), walk.truncated);
  }

  private static final class Walk {
    final String focus;
    final int budget;
    final Map<String, Integer> distances = new LinkedHashMap<>();
    final Set<Lineage.Edge> edges = new LinkedHashSet<>();
    boolean truncated;

    Walk(String focus, int budget) {
      this.focus = focus;
      this.budget = budget;
      distances.put(focus, 0);
    }
  }
}
