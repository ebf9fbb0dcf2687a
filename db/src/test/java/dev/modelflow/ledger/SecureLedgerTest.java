package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.tls.TestAuthority;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger over TLS, as its JDBC address sets it up. */
class SecureLedgerTest {
  @TempDir Path folder;

  @Test
  void theAddressNamesTheAuthorityAndAnotherOneIsRefused() throws IOException {
    TestAuthority authority = new TestAuthority(folder, "ca");
    TestAuthority another = new TestAuthority(folder, "another");
    TestAuthority.Issued server = authority.issue("server");
    // Postgres reads no key that others may read.
    Files.setPosixFilePermissions(server.key(), PosixFilePermissions.fromString("rw-------"));
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", server.certificate().toString())
            .setServerConfig("ssl_key_file", server.key().toString())
            .start()) {
      try (Ledger ledger = Ledger.open(config(postgres, authority))) {
        assertThat(
                ledger
                    .jdbc()
                    .sql("select ssl from pg_stat_ssl where pid = pg_backend_pid()")
                    .query(Boolean.class)
                    .single())
            .isTrue();
      }
      assertThatThrownBy(() -> Ledger.open(config(postgres, another)))
          .hasStackTraceContaining("PKIX path");
    }
  }

  private static LedgerConfig config(EmbeddedPostgres postgres, TestAuthority authority) {
    return new LedgerConfig(
        "jdbc:postgresql://127.0.0.1:%d/postgres?sslmode=verify-full&sslrootcert=%s"
            .formatted(postgres.getPort(), authority.certificate()),
        "postgres",
        "postgres",
        2,
        Duration.ofSeconds(1));
  }
}
