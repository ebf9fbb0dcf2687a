package dev.modelflow.cli;

import dev.modelflow.cli.client.ApiException;
import dev.modelflow.cli.client.Run;
import dev.modelflow.cli.export.ExportException;
import dev.modelflow.cli.export.Releases;
import dev.modelflow.cli.view.EvaluationTable;
import dev.modelflow.cli.view.Watch;
import dev.modelflow.domain.RunStatus;
import java.io.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Watches a run from the terminal and says how it ended. */
abstract class Following extends Asking {
  /** Shows the run until it is over; Ctrl-C leaves it running. Returns the exit code. */
  int follow(Server server, String id) throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    Thread farewell =
        new Thread(
            () -> {
              if (!over.get()) {
                err().println();
                tell(
                    "Detached; the run goes on. Watch it again: modelflow watch "
                        + id
                        + server.option());
                tell("Stop it: modelflow cancel " + id + server.option());
              }
            });
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      Run run = new Watch(server.api(), out(), isTerminal()).follow(id);
      over.set(true);
      return conclude(server, run) ? 0 : 1;
    } finally {
      over.set(true);
    }
  }

  /** Says how it ended; whether all is well, and its release where people find it. */
  private boolean conclude(Server server, Run run) {
    List<String> table = EvaluationTable.brief(run).render();
    if (!table.isEmpty()) {
      say("");
      table.forEach(this::say);
    }
    say("");
    say("Run " + run.id() + " " + run.status() + ".");
    if (run.failureMessage() != null) {
      say("At fault: " + run.failureClass() + ". " + run.failureMessage());
    }
    boolean well = run.status() == RunStatus.SUCCEEDED && copyRelease(server, run);
    say("Dashboard: " + server.page(run.id()));
    return well;
  }

  /** False where the run has a release that could not be copied. */
  private boolean copyRelease(Server server, Run run) {
    if (run.output("release", "release").isEmpty()) {
      return true;
    }
    Path folder = Releases.folder(control().state(), run);
    try {
      Releases.materialise(server.api(), control().state(), run);
      say("Released model: " + folder);
      return true;
    } catch (ApiException | ExportException failure) {
      tell(
          "The release could not be copied to %s: %s; once that is mended, run: modelflow watch %s%s"
              .formatted(folder, failure.getMessage(), run.id(), server.option()));
      return false;
    }
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }
}
