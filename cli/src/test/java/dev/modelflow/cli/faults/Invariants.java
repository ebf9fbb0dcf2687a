package dev.modelflow.cli.faults;

import dev.modelflow.ledger.AuditLog;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.sweep.Overdue;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What must hold after a run, whatever befell it, once what has no owner was swept. Each check says
 * what is wrong, a line each.
 */
final class Invariants {
  private final StackAddress address;
  private final LedgerEye ledger;
  private final Bucket bucket;
  private final RunRecord undisturbed;
  private long swept;

  Invariants(StackAddress address, LedgerEye ledger, Bucket bucket, RunRecord undisturbed) {
    this.address = address;
    this.ledger = ledger;
    this.bucket = bucket;
    this.undisturbed = undisturbed;
  }

  /** Everything that is wrong. */
  List<String> check(String run) throws SQLException {
    List<String> findings = new ArrayList<>();
    findings.addAll(completed(run));
    findings.addAll(RunRecord.of(ledger, run).differences(undisturbed));
    findings.addAll(nothingGoesOn(run));
    findings.addAll(damaged());
    try (Ledger opened = Ledger.open(ledgerConfig())) {
      swept = Overdue.sweep(opened, bucket.config()).objects();
      findings.addAll(objects());
      findings.addAll(audit(opened));
    }
    return findings;
  }

  /** How many objects without an owner the last check removed, as a sweep does after retention. */
  long swept() {
    return swept;
  }

  /** A sweep would take it away, but no object may have been found damaged. */
  private List<String> damaged() {
    return bucket.objects().keySet().stream()
        .filter(name -> name.startsWith("damaged/"))
        .map(name -> name + " was set aside")
        .toList();
  }

  /** The run succeeded, and every stage did its own work. */
  private List<String> completed(String run) throws SQLException {
    return ledger.rows(
        """
        select 'run ended as ' || status || coalesce(': ' || failure_message, '') as line
        from run where id = ? and status <> 'succeeded'
        union all
        select 'stage ' || stage.name || ' ended as ' || stage.status
          || coalesce(': ' || stage.failure_message, '')
        from stage where run_id = ? and stage.status <> 'succeeded'
        """,
        row -> row.getString("line"),
        run,
        run);
  }

  /** No attempt is left open, one of each stage's attempts succeeded, and the counts are right. */
  private List<String> nothingGoesOn(String run) throws SQLException {
    return ledger.rows(
        """
        with mine as (select * from stage where run_id = ?)
        select 'attempt ' || attempt.epoch || ' of ' || mine.name || ' is still running' as line
        from attempt join mine on mine.id = attempt.stage_id where attempt.status = 'running'
        union all
        select mine.name || ' has ' || count(attempt.id) || ' attempts that succeeded'
        from mine left join attempt on attempt.stage_id = mine.id and attempt.status = 'succeeded'
        group by mine.name having count(attempt.id) <> 1
        union all
        select 'run counts ' || run.stages_done || ' stages as done of ' || run.stages_total
        from run where id in (select run_id from mine) and stages_done <> stages_total
        union all
        select 'run is still in the outbox' from run_outbox where run_id in (select run_id from mine)
        """,
        row -> row.getString("line"),
        run);
  }

  /** The bucket holds what the ledger lists, whole, and nothing else. */
  private List<String> objects() throws SQLException {
    Map<String, Long> listed = new TreeMap<>();
    ledger.rows(
        "select distinct sha256, size from artifact_file",
        row -> {
          String hex = row.getString("sha256");
          return listed.put("objects/" + hex.substring(0, 2) + "/" + hex, row.getLong("size"));
        });
    Map<String, Long> there = bucket.objects();
    List<String> findings = new ArrayList<>();
    listed.forEach(
        (name, size) -> {
          if (!size.equals(there.get(name))) {
            findings.add(
                "%s is listed with %d bytes, but the bucket holds %s"
                    .formatted(name, size, there.get(name)));
          }
        });
    there.keySet().stream()
        .filter(name -> !listed.containsKey(name))
        .forEach(name -> findings.add(name + " has no owner"));
    there.keySet().stream()
        .filter(name -> !name.endsWith("/" + bucket.digest(name)))
        .forEach(name -> findings.add(name + " holds other bytes than its name says"));
    return findings;
  }

  /** The chain of the audit log is whole. */
  private static List<String> audit(Ledger opened) {
    AuditLog.Verdict verdict = opened.audit().verify();
    return verdict.firstBroken() == null
        ? List.of()
        : List.of("the audit log is broken at entry " + verdict.firstBroken());
  }

  private LedgerConfig ledgerConfig() {
    return new LedgerConfig(
        "jdbc:postgresql://127.0.0.1:" + address.ledgerPort() + "/modelflow",
        "modelflow",
        address.secret("ledger-password"));
  }
}
