package dev.modelflow.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The fault suite, on a stack that {@code ./modelflow test --faults} brought up. */
@Tag("faults")
@Timeout(value = 1, unit = TimeUnit.DAYS)
class FaultsTest {
  private static final Path FOLDER = Path.of("target", "faults");

  private final Map<String, String> environment = System.getenv();
  private final int count = Integer.parseInt(setting("MODELFLOW_FAULTS"));
  private final long seed = Long.parseLong(setting("MODELFLOW_FAULTS_SEED"));
  private final String kinds = setting("MODELFLOW_FAULTS_KINDS");

  @Test
  void everyRunEndsAsIfNothingHadHappened() throws IOException, InterruptedException, SQLException {
    Set<FaultKind> chosen = FaultKind.parse(kinds);
    Report report = new Report(seed, command());
    say("Faults: " + command());
    try {
      new Campaign(StackAddress.of(environment), FOLDER, FaultsTest::say, report)
          .run(FaultPlan.of(seed, count, chosen));
    } finally {
      Files.createDirectories(FOLDER);
      Files.writeString(FOLDER.resolve("report.md"), report.text());
      say(report.text());
    }
    assertThat(report.findings()).as("again with: %s", command()).isEqualTo(List.of());
    assertThat(report.faults()).as("faults that befell runs").isEqualTo(count);
  }

  private String command() {
    return "./modelflow test --faults %d --seed %d%s"
        .formatted(count, seed, kinds.isBlank() ? "" : " --kinds " + kinds);
  }

  private String setting(String name) {
    return StackAddress.text(environment, name);
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
