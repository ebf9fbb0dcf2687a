package dev.modelflow.web.page;

import dev.modelflow.read.ArtifactQueries;
import dev.modelflow.read.ArtifactView;
import dev.modelflow.read.Lineage;
import dev.modelflow.read.LineageQueries;
import dev.modelflow.web.flow.NotFoundException;
import dev.modelflow.web.flow.ObjectFaultException;
import dev.modelflow.web.flow.Rankings;
import dev.modelflow.web.graph.LineageGraph;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
class ArtifactPage {
  private static final int NODES = 60;

  private final ArtifactQueries artifacts;
  private final LineageQueries lineages;
  private final Rankings rankings;

  ArtifactPage(ArtifactQueries artifacts, LineageQueries lineages, Rankings rankings) {
    this.artifacts = artifacts;
    this.lineages = lineages;
    this.rankings = rankings;
  }

  @GetMapping("/artifacts/{id}")
  String artifact(@PathVariable String id, @RequestParam(defaultValue = "2") int depth, Model model)
      throws IOException {
    ArtifactView artifact = artifacts.find(id).orElseThrow(() -> NotFoundException.artifact(id));
    int levels = Math.clamp(depth, 1, LineageQueries.MOST_DEPTH);
    Lineage lineage =
        lineages
            .around(id, Lineage.Direction.BOTH, levels, NODES)
            .orElseThrow(() -> NotFoundException.artifact(id));
    model.addAttribute("artifact", artifact);
    model.addAttribute("label", LineageGraph.label(artifact));
    List<ArtifactView.File> files = artifacts.files(id);
    model.addAttribute("files", files);
    addRanking(files, model);
    model.addAttribute("lineage", lineage);
    model.addAttribute("depth", levels);
    model.addAttribute("graph", LineageGraph.of(lineage));
    model.addAttribute("labels", labels(lineage));
    return "artifact";
  }

  /** The page must also show an artifact of which an object is lost. */
  private void addRanking(List<ArtifactView.File> files, Model model) throws IOException {
    try {
      rankings.in(files).ifPresent(ranking -> model.addAttribute("ranking", ranking));
    } catch (ObjectFaultException fault) {
      model.addAttribute("rankingFault", fault.getMessage());
    }
  }

  private static Map<String, String> labels(Lineage lineage) {
    return lineage.nodes().stream()
        .map(Lineage.Node::artifact)
        .collect(Collectors.toMap(ArtifactView::id, LineageGraph::label));
  }
}
