package dev.modelflow.web.graph;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.read.CheckpointView;
import dev.modelflow.read.RunSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The picture of a family of runs: one lane for each run, one band for each stage, a dot for each
 * checkpoint, a line from where a branch left its parent.
 *
 * @param width in SVG units, which are CSS pixels
 * @param height in SVG units
 */
public record CheckpointTree(
    int width,
    int height,
    List<Band> bands,
    List<Lane> lanes,
    List<Dot> dots,
    List<String> branches) {
  /** A stage's part of the axis. */
  public record Band(String stage, int x, int width) {}

  /**
   * A run's line.
   *
   * @param from where it begins
   * @param to where its last checkpoint is
   */
  public record Lane(String run, String name, RunStatus status, int y, int from, int to) {}

  /** A checkpoint. */
  public record Dot(
      String run, String stage, long step, boolean last, String artifact, int x, int y) {}

  private static final int DOT = 26;
  private static final int PADDING = 18;
  private static final int HEAD = 30;
  private static final int LANE = 58;

  /** Places the checkpoints of these runs, parents before their children. */
  public static CheckpointTree of(List<RunSummary> runs, List<CheckpointView> checkpoints) {
    return new Layout(runs, checkpoints).tree();
  }

  private static final class Layout {
    private final List<RunSummary> runs;
    private final List<CheckpointView> checkpoints;
    private final Map<String, Band> bands = new LinkedHashMap<>();
    private final Map<String, TreeSet<Long>> steps = new HashMap<>();
    private final Map<String, Integer> laneY = new HashMap<>();
    private final List<String> branches = new ArrayList<>();

    Layout(List<RunSummary> runs, List<CheckpointView> checkpoints) {
      this.runs = runs;
      this.checkpoints = checkpoints;
      checkpoints.forEach(
          each -> steps.computeIfAbsent(each.stage(), stage -> new TreeSet<>()).add(each.step()));
      placeBands();
    }

    private void placeBands() {
      int x = 0;
      for (String stage : stagesInOrder()) {
        int most = steps.getOrDefault(stage, new TreeSet<>()).size();
        int width = Math.max(2 * PADDING + most * DOT, 24 + stage.length() * 8);
        bands.put(stage, new Band(stage, x, width));
        x += width;
      }
    }

    private List<String> stagesInOrder() {
      return checkpoints.stream()
          .sorted(Comparator.comparingInt(CheckpointView::position))
          .map(CheckpointView::stage)
          .distinct()
          .toList();
    }

    CheckpointTree tree() {
      List<Lane> lanes = new ArrayList<>();
      List<Dot> dots = new ArrayList<>();
      int y = HEAD + 34;
      for (RunSummary run : runs) {
        laneY.put(run.id(), y);
        List<Dot> own = dots(run, y);
        int from = start(run, y);
        int to = own.stream().mapToInt(Dot::x).max().orElse(from + DOT);
        lanes.add(new Lane(run.id(), run.name(), run.status(), y, from, Math.max(to, from + DOT)));
        dots.addAll(own);
        y += LANE;
      }
      int width = bands.values().stream().mapToInt(band -> band.x() + band.width()).max().orElse(0);
      int labels =
          lanes.stream()
              .mapToInt(lane -> lane.from() + 30 + lane.name().length() * 8)
              .max()
              .orElse(0);
      return new CheckpointTree(
          Math.max(width, labels),
          y - LANE + 26,
          List.copyOf(bands.values()),
          lanes,
          dots,
          branches);
    }

    private List<Dot> dots(RunSummary run, int y) {
      return checkpoints.stream()
          .filter(each -> each.run().equals(run.id()))
          .map(
              each ->
                  new Dot(
                      each.run(),
                      each.stage(),
                      each.step(),
                      each.last(),
                      each.artifact(),
                      x(each.stage(), each.step()),
                      y))
          .toList();
    }

    private int x(String stage, long step) {
      Band band = bands.get(stage);
      if (band == null) {
        return 0;
      }
      // By rank, not by step: a last checkpoint may follow closely, and every dot can be hit.
      TreeSet<Long> ranked = steps.getOrDefault(stage, new TreeSet<>());
      double part = (ranked.headSet(step, false).size() + 1.0) / Math.max(1, ranked.size());
      return band.x() + PADDING + (int) Math.round(part * (band.width() - 2 * PADDING));
    }

    /** Where a run's lane begins; draws the line from its parent. */
    private int start(RunSummary run, int y) {
      @Nullable Integer parentY = laneY.get(Objects.requireNonNullElse(run.parentRun(), ""));
      if (parentY == null) {
        return 6;
      }
      int leaves = leaves(run);
      branches.add(
          "M%d %dC%d %d %d %d %d %d"
              .formatted(
                  leaves, parentY, leaves, parentY + 30, leaves - 2, y, leaves + DOT / 2, y));
      return leaves + DOT / 2;
    }

    private int leaves(RunSummary run) {
      @Nullable String stage = run.branchStage();
      @Nullable Long step = run.branchStep();
      if (stage != null && step != null) {
        return x(stage, step);
      }
      Band band = bands.get(Objects.requireNonNullElse(run.rerunFrom(), ""));
      return band == null ? 6 : band.x() + 4;
    }
  }
}
