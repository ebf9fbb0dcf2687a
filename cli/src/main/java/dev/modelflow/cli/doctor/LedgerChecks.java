package dev.modelflow.cli.doctor;

import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.ledger.LedgerProbe;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ledger, its schema, its clock, and the workers that it has heard of. */
final class LedgerChecks {
  private static final Duration SILENT = Duration.ofSeconds(30);

  private LedgerChecks() {}

  static List<Check> of(LedgerConfig config, List<String> pools) {
    LedgerProbe probe;
    try {
      probe = LedgerProbe.of(config);
    } catch (SQLException failure) {
      return List.of(Check.wrong("ledger", LedgerFault.explain(failure, config)));
    }
    List<Check> checks = new ArrayList<>();
    checks.add(Check.ok("ledger", "%s lets '%s' in".formatted(config.url(), config.user())));
    checks.add(schema(probe));
    checks.add(Check.clock("Postgres's clock", probe.clock()));
    pools.forEach(pool -> checks.add(heard(pool, probe)));
    probe.asked().stream()
        .filter(pool -> !pools.contains(pool))
        .forEach(pool -> checks.add(another(pool, pools, probe)));
    return checks;
  }

  private static Check schema(LedgerProbe probe) {
    if (probe.ahead() > 0) {
      return Check.wrong(
          "schema",
          "The ledger's schema is %s, newer than this build knows; install the build that made it"
              .formatted(probe.schema()));
    }
    if (probe.schema() == null) {
      return Check.warning(
          "schema", "The ledger has no schema yet; web and workers make it when they start");
    }
    return probe.behind() == 0
        ? Check.ok("schema", "The ledger's schema is current: version " + probe.schema())
        : Check.warning(
            "schema",
            "The ledger's schema is %s and lacks %d steps; restart web with this build, which brings it up to date"
                .formatted(probe.schema(), probe.behind()));
  }

  /** A pool that a recipe names and no worker of this build has. */
  private static Check another(String pool, List<String> pools, LedgerProbe probe) {
    return probe.heard().containsKey(pool)
        ? heard(pool, probe)
        : Check.wrong(
            workersOf(pool),
            "Stages wait for pool '%s', but workers are of %s alone; cancel their runs and name one of these"
                .formatted(pool, String.join(" or ", pools)));
  }

  private static String workersOf(String pool) {
    return "workers of " + pool;
  }

  private static Check heard(String pool, LedgerProbe probe) {
    String name = workersOf(pool);
    @Nullable Instant last = probe.heard().get(pool);
    if (last == null) {
      return Check.wrong(
          name, "No worker of pool '%s' was ever heard of; start one".formatted(pool));
    }
    Duration ago = Duration.between(last, probe.clock());
    String message =
        "A worker of pool '%s' was last heard of %d s ago".formatted(pool, ago.toSeconds());
    return ago.compareTo(SILENT) < 0
        ? Check.ok(name, message)
        : Check.wrong(name, message + "; start one, or look into its log");
  }
}
