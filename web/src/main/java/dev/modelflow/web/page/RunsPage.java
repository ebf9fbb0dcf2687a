package dev.modelflow.web.page;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.read.Cursor;
import dev.modelflow.read.RunQueries;
import dev.modelflow.web.config.WebConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
class RunsPage {
  private static final int ROWS = 25;

  private final RunQueries runs;
  private final WebConfig config;

  RunsPage(RunQueries runs, WebConfig config) {
    this.runs = runs;
    this.config = config;
  }

  @GetMapping("/")
  String home() {
    return "redirect:/runs";
  }

  @GetMapping("/runs")
  String list(
      @RequestParam(required = false) @Nullable String status,
      @RequestParam(required = false) @Nullable String cursor,
      Model model) {
    @Nullable RunStatus only = status == null || status.isEmpty() ? null : RunStatus.of(status);
    @Nullable Cursor after = cursor == null ? null : Cursor.parse(cursor);
    model.addAttribute("page", runs.page(config.project(), only, after, ROWS));
    model.addAttribute("filters", filters(only));
    model.addAttribute("status", only);
    model.addAttribute("later", after != null);
    return "runs";
  }

  private List<Filter> filters(@Nullable RunStatus chosen) {
    Map<RunStatus, Long> counts = runs.counts(config.project());
    List<Filter> filters = new ArrayList<>();
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    filters.add(new Filter("All", null, all, chosen == null));
    Arrays.stream(RunStatus.values())
        .filter(status -> counts.containsKey(status) || status == chosen)
        .forEach(
            status ->
                filters.add(
                    new Filter(
                        status.word(),
                        status.word(),
                        counts.getOrDefault(status, 0L),
                        status == chosen)));
    return filters;
  }

  /** A link that narrows the list. */
  record Filter(String label, @Nullable String status, long runs, boolean chosen) {}
}
