package dev.modelflow.cli.view;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.ApiException;
import dev.modelflow.cli.client.Run;
import dev.modelflow.domain.StageStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Follows a run until it is over: on a terminal a block that is drawn again and again under the
 * run's warnings, otherwise a line for each thing that happens. A server that is away for a while
 * is asked again.
 */
public final class Watch {
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Duration QUIET = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Api api;
  private final PrintWriter out;
  private final boolean terminal;
  private final Map<String, Pace> paces = new HashMap<>();
  private final Map<String, StageStatus> told = new HashMap<>();
  private final Map<String, Long> spoken = new HashMap<>();
  private long lastEvent;
  private int drawn;

  /**
   * A view.
   *
   * @param terminal whether {@code out} can move its cursor
   */
  public Watch(Api api, PrintWriter out, boolean terminal) {
    this.api = api;
    this.out = out;
    this.terminal = terminal;
  }

  /** Shows the run until it is over; returns its last state. */
  public Run follow(String id) throws InterruptedException {
    long silentSince = System.nanoTime();
    while (true) {
      try {
        Run run = api.get(Api.path("runs", id), Run.class);
        List<String> events = events(id);
        silentSince = System.nanoTime();
        run.stages().forEach(this::learn);
        if (terminal) {
          draw(run, events);
        } else {
          tell(run, events);
        }
        if (run.isOver()) {
          return run;
        }
      } catch (ApiException failure) {
        boolean passing = failure.status() == 0 || failure.status() >= 500;
        if (!passing || System.nanoTime() - silentSince > PATIENCE.toNanos()) {
          throw failure;
        }
      }
      Thread.sleep(PERIOD);
    }
  }

  private List<String> events(String id) {
    JsonNode page = api.get(Api.path("runs", id, "events") + "?after=" + lastEvent);
    List<String> lines = new ArrayList<>();
    for (JsonNode event : page.path("events")) {
      lastEvent = Math.max(lastEvent, event.path("seq").asLong(0));
      String level = event.path("level").asString("");
      if (!terminal || !level.equals("info")) {
        String stage = event.path("stage").asString("");
        lines.add(
            (level.equals("info") ? "" : level + ": ")
                + (stage.isEmpty() ? "" : stage + ": ")
                + event.path("message").asString(""));
      }
    }
    return lines;
  }

  private void learn(Run.Stage stage) {
    if (stage.status() == StageStatus.RUNNING && stage.step() != null) {
      paces.computeIfAbsent(stage.name(), name -> new Pace()).see(stage.step());
    }
  }

  private @Nullable Duration left(Run.Stage stage) {
    Pace pace = paces.get(stage.name());
    return pace == null || stage.step() == null || stage.totalSteps() == null
        ? null
        : pace.left(stage.totalSteps() - stage.step());
  }

  private void draw(Run run, List<String> events) {
    StringBuilder text = new StringBuilder();
    if (drawn > 0) {
      text.append("\033[").append(drawn).append("A\033[J");
    }
    events.forEach(event -> text.append(event).append('\n'));
    int width = run.stages().stream().mapToInt(it -> it.name().length()).max().orElse(0);
    run.stages()
        .forEach(
            stage -> text.append(clip(StageLine.of(stage, width, left(stage)))).append("\033[K\n"));
    out.print(text);
    out.flush();
    drawn = run.stages().size();
  }

  /** A line that wraps would break the redrawing. */
  private static String clip(String line) {
    int columns = 100;
    String known = System.getenv("COLUMNS");
    if (known != null && known.matches("[0-9]{1,4}")) {
      columns = Math.max(40, Integer.parseInt(known) - 1);
    }
    return line.length() <= columns ? line : line.substring(0, columns - 1) + "…";
  }

  private void tell(Run run, List<String> events) {
    events.forEach(out::println);
    int width = run.stages().stream().mapToInt(it -> it.name().length()).max().orElse(0);
    for (Run.Stage stage : run.stages()) {
      boolean changed = stage.status() != told.put(stage.name(), stage.status());
      boolean running = stage.status() == StageStatus.RUNNING;
      if ((changed && stage.status() != StageStatus.WAITING) || (running && due(stage.name()))) {
        out.println(StageLine.of(stage, width, left(stage)));
        spoken.put(stage.name(), System.nanoTime());
      }
    }
    out.flush();
  }

  private boolean due(String stage) {
    Long last = spoken.get(stage);
    return last == null || System.nanoTime() - last > QUIET.toNanos();
  }

  /** How fast a stage goes, over about the last minute. */
  private static final class Pace {
    private static final int REMEMBERED = 120;
    private final List<long[]> seen = new ArrayList<>();

    void see(long step) {
      if (!seen.isEmpty() && seen.getLast()[1] > step) {
        seen.clear();
      }
      seen.add(new long[] {System.nanoTime(), step});
      if (seen.size() > REMEMBERED) {
        seen.removeFirst();
      }
    }

    @Nullable Duration left(long steps) {
      long[] first = seen.getFirst();
      long[] last = seen.getLast();
      long made = last[1] - first[1];
      return made <= 0
          ? null
          : Duration.ofNanos((long) ((double) (last[0] - first[0]) / made * steps));
    }
  }
}
