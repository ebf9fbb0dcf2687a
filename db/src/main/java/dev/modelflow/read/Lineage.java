package dev.modelflow.read;

import java.util.List;

/**
 * The surroundings of an artifact: what it was made from and what was made from it.
 *
 * @param focus the artifact that was asked for
 * @param nodes the focus and every artifact reached, nearest first
 * @param edges between those nodes
 * @param truncated whether depth or node budget cut something off
 */
public record Lineage(String focus, List<Node> nodes, List<Edge> edges, boolean truncated) {
  /** Which way to look. */
  public enum Direction {
    /** What it was made from. */
    UP,
    /** What was made from it. */
    DOWN,
    BOTH
  }

  /**
   * An artifact reached.
   *
   * @param distance edges from the focus; negative for ancestors
   */
  public record Node(ArtifactView artifact, int distance) {}

  /**
   * {@code src} was read to make {@code dst}.
   *
   * @param role in which it was read
   * @param stage that read it
   */
  public record Edge(String src, String dst, String role, StageRef stage) {}
}
