package dev.modelflow.web.page;

import dev.modelflow.read.CheckpointQueries;
import dev.modelflow.read.RunQueries;
import dev.modelflow.read.RunSummary;
import dev.modelflow.read.StageQueries;
import dev.modelflow.read.StageView;
import dev.modelflow.run.RunRequest;
import dev.modelflow.web.flow.Flows;
import dev.modelflow.web.flow.NotFoundException;
import dev.modelflow.web.flow.OverrideText;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Composes a branch or a rerun: choose a point, change keys, see what would happen, start it. */
@Controller
class DerivePage {
  private final RunQueries runs;
  private final StageQueries stages;
  private final CheckpointQueries checkpoints;
  private final Flows flows;
  private final Submissions submissions;

  DerivePage(
      RunQueries runs,
      StageQueries stages,
      CheckpointQueries checkpoints,
      Flows flows,
      Submissions submissions) {
    this.runs = runs;
    this.stages = stages;
    this.checkpoints = checkpoints;
    this.flows = flows;
    this.submissions = submissions;
  }

  @GetMapping("/runs/{id}/branch")
  ModelAndView branch(
      @PathVariable String id, @RequestParam(required = false) @Nullable String checkpoint) {
    return form(Way.BRANCH, id, checkpoint, "", "", Submissions.freshKey());
  }

  @GetMapping("/runs/{id}/rerun")
  ModelAndView rerun(
      @PathVariable String id, @RequestParam(required = false) @Nullable String from) {
    return form(Way.RERUN, id, from, "", "", Submissions.freshKey());
  }

  @PostMapping("/runs/{id}/branch")
  ModelAndView branch(
      @PathVariable String id,
      @RequestParam String point,
      @RequestParam(defaultValue = "") String overrides,
      @RequestParam(defaultValue = "") String name,
      @RequestParam String key,
      @RequestParam String action,
      Principal caller) {
    return submit(Way.BRANCH, id, point, overrides, name, key, action, caller);
  }

  @PostMapping("/runs/{id}/rerun")
  ModelAndView rerun(
      @PathVariable String id,
      @RequestParam String point,
      @RequestParam(defaultValue = "") String overrides,
      @RequestParam(defaultValue = "") String name,
      @RequestParam String key,
      @RequestParam String action,
      Principal caller) {
    return submit(Way.RERUN, id, point, overrides, name, key, action, caller);
  }

  private ModelAndView submit(
      Way way,
      String id,
      String point,
      String overrides,
      String name,
      String key,
      String action,
      Principal caller) {
    ModelAndView page = form(way, id, point, overrides, name, key);
    try {
      RunRequest request = request(way, id, point, OverrideText.parse(overrides));
      if (action.equals("start")) {
        return new ModelAndView(
            "redirect:/runs/" + submissions.submit(request, name, key, caller.getName()));
      }
      return page.addObject("preview", flows.preview(request));
    } catch (IllegalArgumentException wrong) {
      page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
      return page.addObject(
          "faults", Objects.requireNonNullElse(wrong.getMessage(), "").lines().toList());
    }
  }

  private RunRequest request(
      Way way, String id, String point, Map<String, @Nullable Object> overrides) {
    return switch (way) {
      case BRANCH -> flows.branch(id, point, overrides);
      case RERUN -> flows.rerun(id, point, overrides);
    };
  }

  private ModelAndView form(
      Way way, String id, @Nullable String point, String overrides, String name, String key) {
    RunSummary run = runs.find(id).orElseThrow(() -> NotFoundException.run(id)).summary();
    List<String> points = points(way, id);
    return new ModelAndView("derive")
        .addObject("branching", way == Way.BRANCH)
        .addObject("run", run)
        .addObject("points", points)
        .addObject("point", point == null && !points.isEmpty() ? points.getLast() : point)
        .addObject("overrides", overrides)
        .addObject("name", name)
        .addObject("key", key);
  }

  private List<String> points(Way way, String id) {
    return switch (way) {
      case BRANCH ->
          checkpoints.ofRun(id).stream().map(each -> each.stage() + "@" + each.step()).toList();
      case RERUN -> stages.ofRun(id).stream().map(StageView::name).toList();
    };
  }

  private enum Way {
    BRANCH,
    RERUN
  }
}
