package dev.modelflow.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/**
 * The open ledger: one object per process. All parts may be used from any thread; every call
 * outlives a restart of Postgres within {@link LedgerConfig#patience}.
 */
public final class Ledger implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(4);

  private final HikariDataSource source;
  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final Artifacts artifacts;
  private final AuditLog audit;
  private final Events events;
  private final Owners owners;
  private final Runs runs;
  private final Stages stages;
  private final Attempts attempts;
  private final Workers workers;
  private final Tokens tokens;
  private final IdempotencyKeys idempotencyKeys;

  private Ledger(HikariDataSource source, Duration patience) {
    this.source = source;
    JdbcTemplate template = new JdbcTemplate(source);
    this.jdbc = JdbcClient.create(template);
    this.transactions = new Transactions(new DataSourceTransactionManager(source), patience);
    this.artifacts = new Artifacts(jdbc, template, transactions);
    this.audit = new AuditLog(jdbc, transactions);
    this.events = new Events(jdbc, transactions);
    this.owners = new Owners(jdbc, transactions);
    this.runs = new Runs(jdbc, transactions, audit, events);
    this.stages = new Stages(jdbc, transactions, events);
    this.attempts = new Attempts(jdbc, template, transactions, artifacts, events);
    this.workers = new Workers(jdbc, transactions, audit);
    this.tokens = new Tokens(jdbc, transactions, audit);
    this.idempotencyKeys = new IdempotencyKeys(jdbc, transactions);
  }

  /**
   * Connects and brings the schema up to date; waits for Postgres as long as the patience lasts.
   */
  public static Ledger open(LedgerConfig config) {
    migrate(config);
    return connect(config);
  }

  /**
   * A ledger as it is: for those who only look, and must not bring another build's schema up to
   * date. Connects when it is first asked.
   */
  public static Ledger connect(LedgerConfig config) {
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(config.url());
    pool.setUsername(config.user());
    pool.setPassword(config.password());
    pool.setMaximumPoolSize(config.connections());
    pool.setMinimumIdle(1);
    pool.setConnectionTimeout(CONNECT.toMillis());
    // Half of it is left for a new connection where an old one gives no answer.
    pool.setValidationTimeout(CONNECT.toMillis() / 2);
    pool.setInitializationFailTimeout(-1);
    pool.setPoolName("ledger");
    endSilentConnections(pool, config.patience().dividedBy(2));
    return new Ledger(new HikariDataSource(pool), config.patience());
  }

  /**
   * A network may swallow what is sent without telling either side, and a process may freeze in the
   * middle of a transaction. Neither side waits longer than this for the other: the client would
   * hang, and the server keep the locks of the transaction, and with them the next attempt from
   * beginning.
   */
  private static void endSilentConnections(HikariConfig pool, Duration longest) {
    // The pool passes texts on and nothing else.
    pool.addDataSourceProperty("socketTimeout", Long.toString(Math.max(1, longest.toSeconds())));
    pool.addDataSourceProperty("tcpKeepAlive", "true");
    pool.setConnectionInitSql(
        "set idle_in_transaction_session_timeout = %d; set tcp_user_timeout = %d"
            .formatted(longest.toMillis(), longest.toMillis()));
  }

  // Over connections of its own: a migration of a large ledger may be silent for long.
  private static void migrate(LedgerConfig config) {
    Flyway.configure()
        .dataSource(config.url(), config.user(), config.password())
        .connectRetries(Math.toIntExact(config.patience().toSeconds()))
        .connectRetriesInterval(2)
        .load()
        .migrate();
  }

  /** Runs with their recipes and the outbox. */
  public Runs runs() {
    return runs;
  }

  /** Stages of runs: what they read, what they made, which earlier result may stand in. */
  public Stages stages() {
    return stages;
  }

  /** Attempts at stages and everything that an attempt writes, fenced by its epoch. */
  public Attempts attempts() {
    return attempts;
  }

  /** Artifacts and their files. */
  public Artifacts artifacts() {
    return artifacts;
  }

  /** Which objects artifacts list. */
  public Owners owners() {
    return owners;
  }

  /** What happened in runs, for people. */
  public Events events() {
    return events;
  }

  /** Workers that were heard of, and what people told them. */
  public Workers workers() {
    return workers;
  }

  /** API tokens. */
  public Tokens tokens() {
    return tokens;
  }

  /** Answers to requests that carried an idempotency key. */
  public IdempotencyKeys idempotencyKeys() {
    return idempotencyKeys;
  }

  /** The hash-chained audit log. */
  public AuditLog audit() {
    return audit;
  }

  /** For queries of read models; wrap them in {@link #transactions} to outlive a restart. */
  public JdbcClient jdbc() {
    return jdbc;
  }

  /** Transactions with patience. */
  public Transactions transactions() {
    return transactions;
  }

  @Override
  public void close() {
    source.close();
  }
}
