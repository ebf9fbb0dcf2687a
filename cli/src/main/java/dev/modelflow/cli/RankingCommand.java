package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.Run;
import dev.modelflow.cli.view.RankingTable;
import dev.modelflow.domain.Ranking;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "ranking",
    description = "Shows how a run's microanneals ranked their candidates.",
    footer = {"", "Example: modelflow ranking 01kb3x --json"})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class RankingCommand extends Asking {
  @Parameters(paramLabel = "RUN", description = "The run's id, or its first characters.")
  private String id;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "One microanneal; without it, all of the run.")
  private @Nullable String stage;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  private final JsonMapper mapper = new JsonMapper();

  @Override
  public Integer call() {
    Api api = api();
    Run run = api.get(Api.path("runs", runId(api, id)), Run.class);
    List<Run.Output> reports =
        run.outputs().stream()
            .filter(output -> output.name().equals(Ranking.OUTPUT))
            .filter(output -> stage == null || output.stage().equals(stage))
            .toList();
    if (reports.isEmpty()) {
      throw new UsageException(
          "Run %s has no ranking%s: a stage of kind microanneal makes one when all of its anneals are measured"
              .formatted(run.id(), stage == null ? "" : " of a stage '" + stage + "'"));
    }
    if (json) {
      List<Map<String, Object>> all = new ArrayList<>();
      reports.forEach(it -> all.add(Map.of("stage", it.stage(), Ranking.OUTPUT, tree(api, it))));
      sayJson(mapper.valueToTree(all));
    } else {
      reports.forEach(it -> show(it.stage(), mapper.treeToValue(tree(api, it), Ranking.class)));
    }
    return 0;
  }

  private JsonNode tree(Api api, Run.Output report) {
    String path = Api.path("artifacts", report.artifact(), "files", Ranking.FILE);
    return mapper.readTree(api.getText(path, "*/*"));
  }

  private void show(String name, Ranking ranking) {
    say(
        "%s: candidates against the web alone, by %s, %d seeds"
            .formatted(name, String.join(", ", ranking.rankBy()), ranking.seeds()));
    RankingTable.of(ranking).forEach(this::say);
  }
}
