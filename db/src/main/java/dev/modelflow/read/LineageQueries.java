package dev.modelflow.read;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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
      for (Step step : steps(frontier, up, walk)) {
        String reached = up ? step.src : step.dst;
        if (!walk.distances.containsKey(reached)) {
          if (level > levels || walk.distances.size() >= walk.budget) {
            walk.truncated = true;
            continue;
          }
          walk.distances.put(reached, up ? -level : level);
          next.add(reached);
        }
        walk.steps.add(step);
      }
      frontier = next;
    }
  }

  /**
   * Of each artifact at most as many edges as there may be nodes, in order; of all together as many
   * as could still lead to a new node several times over.
   */
  private List<Step> steps(Set<String> frontier, boolean up, Walk walk) {
    int limit = walk.budget * 8;
    Map<String, Integer> each = new HashMap<>();
    List<Step> found = new ArrayList<>();
    db.sql(
            """
            select near.*, at.id as at
            from unnest(:frontier::char(64)[]) as at (id)
            join lateral (
              select src, dst, role, stage_id from edge where edge.%1$s = at.id
              order by %2$s, role, stage_id limit :each) near on true
            limit :limit
            """
                .formatted(up ? "dst" : "src", up ? "src" : "dst"))
        .param("frontier", frontier.toArray(String[]::new))
        .param("each", walk.budget + 1)
        .param("limit", limit + 1)
        .query(
            row -> {
              Step step =
                  new Step(
                      row.getString("src"),
                      row.getString("dst"),
                      row.getString("role"),
                      row.getLong("stage_id"));
              if (each.merge(row.getString("at"), 1, Integer::sum) > walk.budget
                  || found.size() == limit) {
                walk.truncated = true;
              } else {
                found.add(step);
              }
            });
    found.sort(Step.ORDER);
    return found;
  }

  /** The edges that were followed, with the names of the stages that they belong to. */
  private List<Lineage.Edge> edges(Walk walk) {
    Map<Long, StageRef> stages = new HashMap<>();
    db.sql("select id, run_id, name from stage where id = any(:ids)")
        .param("ids", walk.steps.stream().map(Step::stage).distinct().toArray(Long[]::new))
        .query(
            row -> {
              stages.put(
                  row.getLong("id"), new StageRef(row.getString("run_id"), row.getString("name")));
            });
    List<Lineage.Edge> edges = new ArrayList<>();
    for (Step step : walk.steps) {
      StageRef stage = stages.get(step.stage);
      if (stage != null) {
        edges.add(new Lineage.Edge(step.src, step.dst, step.role, stage));
      }
    }
    return edges;
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
    return new Lineage(walk.focus, List.copyOf(nodes), edges(walk), walk.truncated);
  }

  private static final class Walk {
    final String focus;
    final int budget;
    final Map<String, Integer> distances = new LinkedHashMap<>();
    final Set<Step> steps = new LinkedHashSet<>();
    boolean truncated;

    Walk(String focus, int budget) {
      this.focus = focus;
      this.budget = budget;
      distances.put(focus, 0);
    }
  }

  /** An edge as the ledger keeps it. */
  private record Step(String src, String dst, String role, long stage) {
    static final Comparator<Step> ORDER =
        Comparator.comparing(Step::dst)
            .thenComparing(Step::src)
            .thenComparing(Step::role)
            .thenComparingLong(Step::stage);
  }
}
