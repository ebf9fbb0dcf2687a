package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.order.DocumentAnswer;
import dev.modelflow.cli.order.DocumentSearch;
import dev.modelflow.cli.order.DownloadedFiles;
import dev.modelflow.cli.order.Merged;
import dev.modelflow.cli.order.OrderException;
import dev.modelflow.cli.order.Sighting;
import dev.modelflow.cli.order.StageSightings;
import dev.modelflow.cli.view.Table;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "data-order",
    description = {
      "Says whether a checkpoint has seen a document, and at which steps of which stages on the way"
          + " to it. What each step saw is made again from the checkpoints' records. A merge has seen"
          + " what all the checkpoints have that it is the mean of."
    },
    footer = {
      "",
      "Example: modelflow data-order 3f2a9c --document problems:0000017",
      "Exit codes: 0 answered, 1 a record is damaged or there is none of such a stage, 2 wrong usage"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DataOrderCommand extends Asking {
  @Parameters(
      paramLabel = "CHECKPOINT",
      description = "The checkpoint's id, or its first characters.")
  private String checkpoint;

  @Option(
      names = "--document",
      paramLabel = "ID",
      required = true,
      description = "Of a document, a conversation or a prompt.")
  private String document;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Api api = api();
    String id = artifactId(api, checkpoint);
    try (DownloadedFiles files = DownloadedFiles.from(api)) {
      DocumentAnswer answer = new DocumentSearch(files, document).answer(CheckpointWay.to(api, id));
      if (json) {
        sayJson(answer);
      } else {
        show(answer);
      }
      return 0;
    } catch (OrderException failure) {
      tell(String.valueOf(failure.getMessage()));
      return 1;
    }
  }

  private void show(DocumentAnswer answer) {
    say(sentence(answer));
    Table table = new Table("stage", ">step", "data", ">from", ">tokens", "checkpoint");
    for (StageSightings stage : answer.stages()) {
      for (Sighting sighting : stage.sightings()) {
        table.add(
            stage.stage(),
            sighting.step(),
            sighting.source(),
            sighting.tokens() == 0 ? "" : sighting.from(),
            sighting.tokens() == 0 ? "whole" : sighting.tokens(),
            stage.checkpoint().substring(0, 12));
      }
    }
    if (!table.isEmpty()) {
      say("");
      table.render().forEach(this::say);
    }
    answer.stages().stream().filter(stage -> !stage.merged().isEmpty()).forEach(this::showMerge);
    for (StageSightings stage : answer.stages()) {
      if (stage.gap() != null) {
        say("Not known of stage %s: %s.".formatted(stage.stage(), stage.gap()));
      }
    }
  }

  private void showMerge(StageSightings merge) {
    say("");
    say(
        "Stage %s reads no documents: it is the mean of %d checkpoints."
            .formatted(merge.stage(), merge.merged().size()));
    for (Merged one : merge.merged()) {
      String behind = one.behind().isEmpty() ? "" : ", after " + String.join(", ", one.behind());
      say(
          "  %s@%d (%s)%s: %s"
              .formatted(
                  one.stage(), one.step(), one.checkpoint().substring(0, 12), behind, seen(one)));
    }
  }

  private static String seen(Merged one) {
    if (one.seen() > 0) {
      return "seen in %d %s".formatted(one.seen(), one.seen() == 1 ? "step" : "steps");
    }
    return one.complete() ? "not seen" : "not seen in any recorded step";
  }

  private static String sentence(DocumentAnswer answer) {
    String about = "Checkpoint " + answer.checkpoint().substring(0, 12);
    if (answer.seen()) {
      return "%s has seen '%s' in %d %s."
          .formatted(
              about, answer.document(), answer.steps(), answer.steps() == 1 ? "step" : "steps");
    }
    String not =
        answer.complete()
            ? "%s has not seen '%s'".formatted(about, answer.document())
            : "%s has not seen '%s' in any recorded step".formatted(about, answer.document());
    return answer.known()
        ? not + ", which is among the data of its stages."
        : not + ": no data of its stages has a document of this id.";
  }
}
