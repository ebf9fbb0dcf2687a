package dev.modelflow.web.page;

import dev.modelflow.read.CheckpointQueries;
import dev.modelflow.read.CheckpointView;
import dev.modelflow.read.RunQueries;
import dev.modelflow.read.RunSummary;
import dev.modelflow.web.flow.NotFoundException;
import dev.modelflow.web.graph.CheckpointTree;
import java.util.List;
import java.util.function.Predicate;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

@Controller
class TreePage {
  private final RunQueries runs;
  private final CheckpointQueries checkpoints;

  TreePage(RunQueries runs, CheckpointQueries checkpoints) {
    this.runs = runs;
    this.checkpoints = checkpoints;
  }

  @GetMapping("/runs/{id}/tree")
  String tree(@PathVariable String id, Model model) {
    RunSummary run = runs.find(id).orElseThrow(() -> NotFoundException.run(id)).summary();
    List<RunSummary> family = runs.family(id);
    List<CheckpointView> found =
        checkpoints.writtenBy(family.stream().map(RunSummary::id).toList());
    model.addAttribute("run", run);
    model.addAttribute("tree", CheckpointTree.of(family, found));
    model.addAttribute(
        "branches",
        family.stream()
            .map(each -> new Branch(each, found.stream().filter(of(each)).toList()))
            .toList());
    return "tree";
  }

  private static Predicate<CheckpointView> of(RunSummary run) {
    return checkpoint -> checkpoint.run().equals(run.id());
  }

  /** A run and the checkpoints that it wrote. */
  record Branch(RunSummary run, List<CheckpointView> checkpoints) {}
}
