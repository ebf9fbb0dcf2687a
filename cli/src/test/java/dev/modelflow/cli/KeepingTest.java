package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.backup.Backups;
import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.objects.Uploads;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands that keep ledger and objects in order, on a stack that is down. */
@UsesServices
class KeepingTest {
  private final Path folder;

  KeepingTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aBackupOfAnotherStackIsRestoredSweptAndBackedUpHere()
      throws IOException, InterruptedException {
    Path backups = folder.resolve("backups");
    takeBackup(backups);
    try (LiveStack stack = new LiveStack(folder.resolve("home"))) {
      LiveStack.Result restored = stack.command("restore", backups.toString());
      assertThat(restored.output()).contains(": 1 runs, 1 objects (1 MB)");
      assertThat(restored.code()).isZero();

      LiveStack.Result again = stack.command("restore", backups.toString());
      assertThat(again.output())
          .isEqualTo("The ledger already holds 1 runs: restore into an empty one\n");
      assertThat(again.code()).isEqualTo(1);

      LiveStack.Result swept = stack.command("sweep", "--older-than", "2d");
      assertThat(swept.output())
          .isEqualTo(
              "Removed 0 objects without an owner (0 MB) and 0 broken-off uploads, older than 48 hours\n");

      LiveStack.Result taken = stack.command("backup", backups.toString(), "--json");
      assertThat(taken.code()).isZero();
      JsonNode made =
          new JsonMapper().readTree(taken.output().substring(taken.output().indexOf('{')));
      assertThat(made.path("runs").asLong()).isEqualTo(1);
      assertThat(backups.resolve("ledger").resolve(made.path("name").asString())).isDirectory();
    }
  }

  @Test
  void anAgeIsDaysOrHours() {
    assertThat(SweepCommand.age("7d")).isEqualTo(Duration.ofDays(7));
    assertThat(SweepCommand.age("36h")).isEqualTo(Duration.ofHours(36));
    assertThatThrownBy(() -> SweepCommand.age("7"))
        .hasMessage("--older-than 7: expected days or hours, such as 7d or 36h");
  }

  private void takeBackup(Path backups) throws IOException {
    try (LedgerFixture before = new LedgerFixture()) {
      before.create(LedgerFixture.twoStages());
      Path made = Files.createDirectory(folder.resolve("made"));
      Files.writeString(made.resolve("text"), "an object");
      before
          .ledger()
          .artifacts()
          .record(new Uploads(before.store()).upload(made, ArtifactKind.CORPUS, Map.of()));
      new Backups(before.ledgerConfig(), before.storeConfig(), said -> {}).take(backups);
    }
  }
}
