package dev.modelflow.cli;

import dev.modelflow.cli.upkeep.KeptBackup;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "backup",
    description = {
      "Copies the ledger and the objects of its artifacts into a folder; runs may go on meanwhile.",
      "Further backups into the same folder add a ledger each, and only the objects that are new.",
      Keeping.WHICH
    },
    footer = {"", "Example: modelflow backup /backups/modelflow"})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class BackupCommand extends Keeping {
  @Parameters(paramLabel = "FOLDER", description = "Where backups are kept; made when missing.")
  private Path folder;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    KeptBackup made = keep(upkeep -> upkeep.backup(folder.toAbsolutePath().normalize()));
    if (json) {
      sayJson(made);
    } else {
      say(
          "Backup %s in %s: %d runs, %d objects (%s)"
              .formatted(
                  made.name(),
                  made.folder(),
                  made.runs(),
                  made.objects(),
                  megabytes(made.bytes())));
      if (!made.missing().isEmpty()) {
        say(
            "The store does not have %d of the objects, or has other bytes, the first is %s; 'modelflow verify' tells which artifacts are damaged"
                .formatted(made.missing().size(), made.missing().getFirst()));
      }
    }
    return 0;
  }
}
