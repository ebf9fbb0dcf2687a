package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger over TLS, as its JDBC address sets it up. */
class SecureLedgerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** For refusals, which are waited out. */
  private static final Duration BRIEFLY = Duration.ofSeconds(1);

  private final Path folder;
  private final TestAuthority authority;
  private final TestAuthority another;

  SecureLedgerTest(@TempDir Path folder) {
    this.folder = folder;
    this.authority = new TestAuthority(folder, "ca");
    this.another = new TestAuthority(folder, "another");
  }

  @Test
  void theAddressNamesTheAuthorityAndAnotherOneIsRefused() throws IOException {
    try (SecurePostgres postgres = new SecurePostgres(folder, authority, false)) {
      assertThat(seen(postgres.url(null), "ssl")).isEqualTo("true");
      assertThatThrownBy(() -> open(postgres.url(another, null), BRIEFLY))
          .hasStackTraceContaining("PKIX path");
    }
  }

  @Test
  void aServerThatAsksWhoThereIsWantsACertificateOfItsAuthority() throws IOException {
    TestAuthority.Issued client = authority.issue("client");
    TestAuthority.Issued stranger = another.issue("client");
    try (SecurePostgres postgres = new SecurePostgres(folder, authority, true)) {
      assertThat(seen(postgres.url(client), "client_dn")).isEqualTo("/CN=client");
      for (String url : new String[] {postgres.url(null), postgres.url(stranger)}) {
        assertThatThrownBy(() -> open(url, BRIEFLY))
            .hasMessageContaining("connection requires a valid client certificate");
      }
    }
  }

  /** What Postgres says of the ledger's own connection. */
  private static String seen(String url, String column) {
    try (Ledger ledger = open(url, PATIENCE)) {
      return ledger
          .jdbc()
          .sql("select %s::text from pg_stat_ssl where pid = pg_backend_pid()".formatted(column))
          .query(String.class)
          .single();
    }
  }

  private static Ledger open(String url, Duration patience) {
    return Ledger.open(new LedgerConfig(url, "postgres", "postgres", 2, patience));
  }
}
