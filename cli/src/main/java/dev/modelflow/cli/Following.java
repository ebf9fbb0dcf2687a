package dev.modelflow.cli;

import dev.modelflow.cli.client.Run;
import dev.modelflow.cli.view.EvaluationTable;
import dev.modelflow.cli.view.Watch;
import dev.modelflow.domain.RunStatus;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Watches a run from the terminal and says how it ended. */
abstract class Following extends Asking {
  /** Shows the run until it is over; Ctrl-C leaves it running. Returns the exit code. */
  int follow(Server server, String id) throws IOException, InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    Thread farewell =
        new Thread(
            () -> {
              if (!over.get()) {
                err().println();
                err()
                    .println(
                        "Detached; the run goes on. Watch it again: modelflow watch "
                            + id
                            + server.option());
                err().println("Stop it: modelflow cancel " + id + server.option());
                err().flush();
              }
            });
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      Run run = new Watch(server.api(), out(), isTerminal()).follow(id);
      over.set(true);
      conclude(server, run);
      return run.status() == RunStatus.SUCCEEDED ? 0 : 1;
    } finally {
      over.set(true);
    }
  }

  private void conclude(Server server, Run run) throws IOException {
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
    if (run.status() == RunStatus.SUCCEEDED && run.output("release", "release").isPresent()) {
      Path folder = Releases.materialise(server.api(), control().state(), run);
      say("Released model: " + folder);
    }
    say("Dashboard: " + server.page(run.id()));
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }
}
