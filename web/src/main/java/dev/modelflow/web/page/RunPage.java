package dev.modelflow.web.page;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.read.EventQueries;
import dev.modelflow.read.LogQueries;
import dev.modelflow.read.MetricQueries;
import dev.modelflow.read.RunDetail;
import dev.modelflow.read.RunQueries;
import dev.modelflow.read.StageQueries;
import dev.modelflow.read.StageView;
import dev.modelflow.web.flow.NotFoundException;
import dev.modelflow.web.graph.StageGraph;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
class RunPage {
  private static final int EVENTS = 200;

  private final RunQueries runs;
  private final StageQueries stages;
  private final EventQueries events;
  private final MetricQueries metrics;
  private final LogQueries logs;

  RunPage(
      RunQueries runs,
      StageQueries stages,
      EventQueries events,
      MetricQueries metrics,
      LogQueries logs) {
    this.runs = runs;
    this.stages = stages;
    this.events = events;
    this.metrics = metrics;
    this.logs = logs;
  }

  @GetMapping("/runs/{id}")
  String run(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String stage,
      @RequestParam(required = false) @Nullable String metric,
      @RequestParam(required = false) @Nullable String log,
      @RequestParam(required = false) @Nullable Integer attempt,
      Model model) {
    RunDetail run = runs.find(id).orElseThrow(() -> NotFoundException.run(id));
    List<StageView> found = stages.ofRun(id);
    model.addAttribute("run", run.summary());
    model.addAttribute("detail", run);
    model.addAttribute("parent", parent(run));
    model.addAttribute("active", isActive(run.summary().status()));
    model.addAttribute("stages", found);
    model.addAttribute("current", current(found));
    model.addAttribute("across", StageGraph.of(found, StageGraph.Direction.ACROSS));
    model.addAttribute("down", StageGraph.of(found, StageGraph.Direction.DOWN));
    model.addAttribute("choice", new RunChoice(id, stage, metric, log, attempt));
    model.addAttribute("curve", curve(id, found, stage, metric));
    model.addAttribute("evaluations", EvaluationTable.of(stages.evaluations(id), found));
    model.addAttribute("attempts", stages.attempts(id));
    model.addAttribute("log", LogView.of(id, found, log, attempt, logs));
    model.addAttribute("outputs", stages.outputs(id));
    model.addAttribute("events", events.newest(id, EVENTS));
    return "run";
  }

  static boolean isActive(RunStatus status) {
    return switch (status) {
      case QUEUED, RUNNING, CANCELLING -> true;
      case SUCCEEDED, FAILED, CANCELLED -> false;
    };
  }

  private @Nullable RunDetail parent(RunDetail run) {
    @Nullable String parent = run.summary().parentRun();
    return parent == null ? null : runs.find(parent).orElse(null);
  }

  /** The stage that a person wants to hear about: the first that runs. */
  private static @Nullable StageView current(List<StageView> stages) {
    return stages.stream()
        .filter(stage -> stage.status() == StageStatus.RUNNING)
        .findFirst()
        .orElse(null);
  }

  private @Nullable CurveView curve(
      String run, List<StageView> stages, @Nullable String stage, @Nullable String metric) {
    Map<String, List<String>> names = metrics.names(run);
    Optional<StageView> chosen =
        stages.stream()
            .filter(each -> names.containsKey(each.name()))
            .filter(each -> stage == null || each.name().equals(stage))
            .reduce((first, second) -> stage == null ? latest(first, second) : first);
    return chosen.map(each -> CurveView.of(run, each, names, metric, metrics)).orElse(null);
  }

  private static StageView latest(StageView first, StageView second) {
    return first.status() == StageStatus.RUNNING ? first : second;
  }
}
