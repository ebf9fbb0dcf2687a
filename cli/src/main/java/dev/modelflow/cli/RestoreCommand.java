package dev.modelflow.cli;

import dev.modelflow.cli.upkeep.KeptBackup;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore",
    description = {
      "Restores a backup into an empty ledger, and its objects into the store. Web and workers must",
      "be down; unfinished runs go on from their last checkpoints when they are started again.",
      Keeping.WHICH
    },
    footer = {"", "Example: modelflow restore /backups/modelflow && modelflow up"})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class RestoreCommand extends Keeping {
  @Parameters(paramLabel = "FOLDER", description = "A folder that 'modelflow backup' has filled.")
  private Path folder;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the backup, a folder in FOLDER/ledger; without it, the newest.")
  private @Nullable String name;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Path from = folder.toAbsolutePath().normalize();
    KeptBackup restored = keepWhileDown(upkeep -> upkeep.restore(from, name), "restoring");
    if (json) {
      sayJson(restored);
    } else {
      say(
          "Restored backup %s: %d runs, %d objects (%s)"
              .formatted(
                  restored.name(),
                  restored.runs(),
                  restored.objects() - restored.missing().size(),
                  megabytes(restored.bytes())));
      if (!restored.missing().isEmpty()) {
        say(
            "%d objects were missing when it was taken, the first is %s"
                .formatted(restored.missing().size(), restored.missing().getFirst()));
      }
    }
    return 0;
  }
}
