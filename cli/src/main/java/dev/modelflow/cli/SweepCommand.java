package dev.modelflow.cli;

import dev.modelflow.cli.upkeep.Unowned;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "sweep",
    description = {
      "Removes objects of the bucket that no artifact of the ledger lists and that are older than",
      "the retention, and uploads that were broken off. Web does the same every day.",
      Keeping.WHICH
    },
    footer = {"", "Example: modelflow sweep --older-than 7d --dry-run"})
final class SweepCommand extends Keeping {
  private static final Pattern AGE = Pattern.compile("([0-9]{1,5})([dh])");

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      description =
          "Days or hours, such as 7d or 36h, at least 24h; without it, what"
              + " MODELFLOW_OBJECTS_RETENTION_DAYS says.")
  private @Nullable String olderThan;

  @Option(names = "--dry-run", description = "Only count what would be removed.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    @Nullable Duration age = olderThan == null ? null : age(olderThan);
    Unowned found = keep(upkeep -> upkeep.sweep(age, dryRun));
    if (json) {
      sayJson(found);
    } else {
      say(
          "%s %d objects without an owner (%s) and %d broken-off uploads, older than %d hours"
              .formatted(
                  found.removed() ? "Removed" : "There are",
                  found.objects(),
                  megabytes(found.bytes()),
                  found.uploads(),
                  found.retentionHours()));
    }
    return 0;
  }

  /** Throws {@link UsageException} when this is no age. */
  static Duration age(String text) {
    Matcher parts = AGE.matcher(text);
    if (!parts.matches()) {
      throw new UsageException(
          "--older-than %s: expected days or hours, such as 7d or 36h".formatted(text));
    }
    int number = Integer.parseInt(parts.group(1));
    return parts.group(2).equals("d") ? Duration.ofDays(number) : Duration.ofHours(number);
  }
}
