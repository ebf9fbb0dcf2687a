package dev.modelflow.cli.bench.platform;

import dev.modelflow.cli.bench.fill.FilledLedger;
import dev.modelflow.cli.bench.fill.LedgerFill;
import dev.modelflow.cli.bench.flows.BenchPool;
import dev.modelflow.cli.bench.flows.FlowTimes;
import dev.modelflow.cli.bench.flows.RunningWorker;
import dev.modelflow.cli.bench.http.Visitor;
import dev.modelflow.cli.bench.objects.ObjectTimes;
import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.server.Settings;
import dev.modelflow.cli.stack.StackException;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.Folders;
import dev.modelflow.objects.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Everything that is measured of one stack. */
public final class PlatformBench {
  private static final double BAR_RATIO = 0.8;
  private static final int ROUNDS = 2;

  private final PlatformOptions options;
  private final Path state;
  private final Map<String, String> environment;
  private final Consumer<String> say;

  /**
   * Measures nothing yet.
   *
   * @param state the folder of what lasts; what is written there is deleted again
   * @param environment of this process
   * @param say is told how far it is
   */
  public PlatformBench(
      PlatformOptions options, Path state, Map<String, String> environment, Consumer<String> say) {
    this.options = options;
    this.state = state;
    this.environment = environment;
    this.say = say;
  }

  /**
   * Starts a stack, measures it, and ends it.
   *
   * @throws StackException when it does not start, or one of its services fails
   */
  public List<Reading> measure(StackChoice choice) throws InterruptedException {
    try (BenchStack stack = start(choice)) {
      return measure(stack);
    } catch (IOException | SQLException failure) {
      throw new StackException(
          "The %s stack could not be measured: %s".formatted(choice, failure.getMessage()),
          failure);
    }
  }

  private BenchStack start(StackChoice choice) {
    Consumer<String> told = text -> say.accept(choice + ": " + text);
    return switch (choice) {
      case EMBEDDED -> EmbeddedBenchStack.start(state, environment, told);
      case CONTAINERS -> ContainerBenchStack.start(state, environment, told);
    };
  }

  private List<Reading> measure(BenchStack stack)
      throws IOException, SQLException, InterruptedException {
    Consumer<String> told = text -> say.accept(stack.name() + ": " + text);
    LedgerConfig ledger = new Settings(stack.settings()).ledger();
    List<Reading> readings = new ArrayList<>();
    FilledLedger filled = fill(stack, ledger, told);
    readings.add(filled(filled));
    Path folder = Files.createTempDirectory(Files.createDirectories(state), "bench-work");
    try (Visitor visitor = Visitor.signIn(stack.dashboard(), stack.token())) {
      told.accept("reading");
      readings.addAll(new Reads(visitor, filled, options).all());
      if (options.streams() > 0) {
        told.accept("%d live streams".formatted(options.streams()));
        readings.addAll(streams(stack, visitor, ledger));
      }
      if (options.flows() > 0) {
        told.accept("%d flows".formatted(options.flows()));
        readings.addAll(flows(stack, ledger, told));
      }
      if (options.checkpointBytes() > 0) {
        told.accept("a large checkpoint");
        readings.addAll(objects(stack, folder));
      }
      return readings;
    } finally {
      Folders.delete(folder);
    }
  }

  private FilledLedger fill(BenchStack stack, LedgerConfig ledger, Consumer<String> told)
      throws IOException, SQLException, InterruptedException {
    try (ObjectStore store = ObjectStore.open(new Settings(stack.settings()).objects())) {
      return LedgerFill.fill(ledger, store, options.ledger(), told);
    }
  }

  private static Reading filled(FilledLedger filled) {
    return new Reading(
        "ledger",
        "",
        String.format(
            Locale.ROOT,
            "%d runs, %d metric points, %d edges, written in %.0f s",
            filled.runs().size(),
            filled.metrics(),
            filled.edges(),
            filled.seconds()),
        true,
        Map.of(
            "runs", (double) filled.runs().size(),
            "metrics", (double) filled.metrics(),
            "edges", (double) filled.edges()));
  }

  private List<Reading> streams(BenchStack stack, Visitor visitor, LedgerConfig ledger)
      throws IOException, SQLException, InterruptedException {
    try (RunningWorker _ = stack.worker(BenchPool.TICKING)) {
      return new Streams(visitor, api(stack), ledger, stack.webProcess(), options.listenSeconds())
          .measure(options.streams());
    }
  }

  private List<Reading> flows(BenchStack stack, LedgerConfig ledger, Consumer<String> told)
      throws IOException, SQLException, InterruptedException {
    try (RunningWorker _ = stack.worker(BenchPool.TRIVIAL);
        FlowTimes times = FlowTimes.open(ledger)) {
      Flows flows = new Flows(api(stack), times, told);
      List<Reading> readings = new ArrayList<>(flows.alone(options.flows()));
      readings.addAll(flows.together(options.flows()));
      return readings;
    }
  }

  private static Api api(BenchStack stack) {
    return new Api(stack.dashboard(), stack.token());
  }

  private List<Reading> objects(BenchStack stack, Path folder)
      throws IOException, InterruptedException {
    Map<String, ObjectTimes> times =
        ObjectTimes.measure(
            stack.settings(),
            Files.createDirectories(folder.resolve("objects")),
            options.checkpointBytes(),
            ROUNDS);
    return times.entrySet().stream()
        .sorted(Map.Entry.<String, ObjectTimes>comparingByKey().reversed())
        .map(way -> moved(way.getKey(), way.getValue()))
        .toList();
  }

  private Reading moved(String way, ObjectTimes times) {
    double size = options.checkpointBytes() / 1e6;
    double platform = size / ObjectTimes.best(times.platform());
    double client = size / ObjectTimes.best(times.client());
    return new Reading(
        "checkpoint of %.1f GB, %s".formatted(size / 1000, way),
        "80 % of the client's speed",
        String.format(
            Locale.ROOT,
            "%.0f %%: %.0f MB/s, the client %.0f MB/s (heap %s)",
            100 * times.ratio(),
            platform,
            client,
            ObjectTimes.HEAP),
        times.ratio() >= BAR_RATIO,
        Map.of(
            "ratio", times.ratio(),
            "megabytesPerSecond", platform,
            "clientMegabytesPerSecond", client));
  }
}
