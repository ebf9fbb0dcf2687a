package dev.modelflow.cli;

import dev.modelflow.cli.bench.fill.LedgerSize;
import dev.modelflow.cli.bench.platform.PlatformBench;
import dev.modelflow.cli.bench.platform.PlatformOptions;
import dev.modelflow.cli.bench.platform.Reading;
import dev.modelflow.cli.bench.platform.StackChoice;
import dev.modelflow.cli.view.Table;
import dev.modelflow.domain.ByteSize;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "platform",
    description = {
      "Measures the platform on stacks of its own, which are deleted afterwards: reading a full",
      "ledger, many dashboards at once, very many flows, large checkpoints. The stack in containers",
      "needs a Docker engine. Other work on the machine spoils the numbers. Exit code 1 if a bar is",
      "missed."
    },
    footer = {
      "",
      "Example: modelflow bench platform --stack both",
      "A quick look: modelflow bench platform --runs 500 --metrics 50000 --edges 50000 --flows 50 --checkpoint 500MB"
    })
final class BenchPlatformCommand extends Base {
  private enum Stacks {
    EMBEDDED,
    CONTAINERS,
    BOTH
  }

  @Option(
      names = "--stack",
      description = "embedded, containers or both (default: ${DEFAULT-VALUE}).")
  private Stacks stacks = Stacks.BOTH;

  @Option(names = "--runs", description = "Runs in the ledger (default: ${DEFAULT-VALUE}).")
  private int runs = 10_000;

  @Option(names = "--metrics", description = "Metric points in it (default: ${DEFAULT-VALUE}).")
  private int metrics = 1_000_000;

  @Option(names = "--edges", description = "Lineage edges in it (default: ${DEFAULT-VALUE}).")
  private int edges = 1_000_000;

  @Option(names = "--seed", description = "Decides the ledger's rows (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--clients", description = "Who read at once (default: ${DEFAULT-VALUE}).")
  private int clients = 4;

  @Option(
      names = "--requests",
      description = "Requests of each kind, besides a warm-up (default: ${DEFAULT-VALUE}).")
  private int requests = 400;

  @Option(
      names = "--streams",
      description = "Live streams at once; 0 leaves them out (default: ${DEFAULT-VALUE}).")
  private int streams = 200;

  @Option(
      names = "--listen",
      paramLabel = "SECONDS",
      description = "How long they are listened to (default: ${DEFAULT-VALUE}).")
  private int listen = 20;

  @Option(
      names = "--flows",
      description = "Flows at once; 0 leaves them out (default: ${DEFAULT-VALUE}).")
  private int flows = 1000;

  @Option(
      names = "--checkpoint",
      paramLabel = "BYTES",
      description =
          "Size of the checkpoint, e.g. 500MB; 0B leaves it out (default: ${DEFAULT-VALUE}).")
  private String checkpoint = "5GB";

  @Option(names = "--json", description = "Print the readings as JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    PlatformBench bench =
        new PlatformBench(options(), control().state().root(), System.getenv(), this::tell);
    Map<String, List<Reading>> found = new LinkedHashMap<>();
    for (StackChoice choice : choices()) {
      found.put(choice.toString(), bench.measure(choice));
    }
    if (json) {
      sayJson(found);
    } else {
      table(found).render().forEach(this::say);
    }
    return found.values().stream().flatMap(List::stream).allMatch(Reading::held) ? 0 : 1;
  }

  private PlatformOptions options() {
    try {
      return new PlatformOptions(
          new LedgerSize(runs, metrics, edges, seed),
          clients,
          requests,
          streams,
          listen,
          flows,
          bytes());
    } catch (IllegalArgumentException wrong) {
      throw new UsageException(String.valueOf(wrong.getMessage()));
    }
  }

  private long bytes() {
    try {
      return ByteSize.parse(checkpoint);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("--checkpoint is " + wrong.getMessage(), wrong);
    }
  }

  private List<StackChoice> choices() {
    return switch (stacks) {
      case EMBEDDED -> List.of(StackChoice.EMBEDDED);
      case CONTAINERS -> List.of(StackChoice.CONTAINERS);
      case BOTH -> List.of(StackChoice.values());
    };
  }

  /** A line for each measure and stack, those of one measure under each other. */
  private static Table table(Map<String, List<Reading>> found) {
    Set<String> measures = new LinkedHashSet<>();
    found.values().forEach(readings -> readings.forEach(it -> measures.add(it.measure())));
    Table table = new Table("measure", "bar", "stack", "seen", "ok");
    for (String measure : measures) {
      List<String> shown = new ArrayList<>();
      found.forEach(
          (stack, readings) ->
              reading(readings, measure)
                  .ifPresent(
                      reading -> {
                        boolean first = shown.isEmpty();
                        shown.add(stack);
                        table.add(
                            first ? measure : "",
                            first ? reading.bar() : "",
                            stack,
                            reading.seen(),
                            reading.bar().isEmpty() ? "" : reading.held() ? "yes" : "NO");
                      }));
    }
    return table;
  }

  private static Optional<Reading> reading(List<Reading> readings, String measure) {
    return readings.stream().filter(it -> it.measure().equals(measure)).findFirst();
  }
}
