package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.Run;
import dev.modelflow.cli.view.EvaluationTable;
import dev.modelflow.cli.view.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "show",
    description = "Shows a run: its stages, what they made, its evaluations.",
    footer = {"", "Example: modelflow show 01kb3x"})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class ShowCommand extends Asking {
  @Parameters(paramLabel = "RUN", description = "The run's id, or its first characters.")
  private String id;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Api api = api();
    JsonNode tree = api.get(Api.path("runs", runId(api, id)));
    if (json) {
      sayJson(tree);
    } else {
      show(new JsonMapper().treeToValue(tree, Run.class));
    }
    return 0;
  }

  private void show(Run run) {
    say("Run %s (%s of recipe %s): %s".formatted(run.id(), run.name(), run.recipe(), run.status()));
    if (run.failureMessage() != null) {
      say("At fault: " + run.failureClass() + ". " + run.failureMessage());
    }
    Table stages = new Table("stage", "kind", "status", ">step", ">attempts");
    for (Run.Stage stage : run.stages()) {
      String step = stage.step() == null ? "" : stage.step() + "/" + stage.totalSteps();
      stages.add(stage.name(), stage.kind(), stage.status(), step, stage.epoch());
    }
    section(stages);
    Table outputs = new Table("stage", "output", "kind", ">size", "artifact");
    for (Run.Output output : run.outputs()) {
      outputs.add(
          output.stage(),
          output.name(),
          output.kind(),
          dev.modelflow.cli.view.Numbers.bytes(output.totalSize()),
          output.artifact());
    }
    section(outputs);
    say("");
    EvaluationTable.whole(run).render().forEach(this::say);
  }

  private void section(Table table) {
    if (!table.isEmpty()) {
      say("");
      table.render().forEach(this::say);
    }
  }
}
