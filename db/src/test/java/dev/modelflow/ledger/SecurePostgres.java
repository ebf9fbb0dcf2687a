package dev.modelflow.ledger;

import dev.modelflow.services.LocalPostgres;
import dev.modelflow.tls.TestAuthority;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** A Postgres server behind TLS, which may ask for certificates. Its role is {@code postgres}. */
public final class SecurePostgres implements AutoCloseable {
  private final TestAuthority authority;
  private final EmbeddedPostgres server;

  /**
   * Starts with a certificate of {@code authority}.
   *
   * @param folder for its files
   * @param asks whether clients must show certificates of the same authority
   */
  public SecurePostgres(Path folder, TestAuthority authority, boolean asks) throws IOException {
    this.authority = authority;
    TestAuthority.Issued shown = authority.issue("server");
    // Postgres reads no key that others may read.
    Files.setPosixFilePermissions(shown.key(), PosixFilePermissions.fromString("rw-------"));
    // Who starts it looks without TLS whether it is up.
    String access =
        "hostnossl all all 127.0.0.1/32 trust\nhostssl all all 127.0.0.1/32 trust"
            + (asks ? " clientcert=verify-ca\n" : "\n");
    this.server =
        LocalPostgres.builder()
            .setServerConfig("fsync", "off")
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", shown.certificate().toString())
            .setServerConfig("ssl_key_file", shown.key().toString())
            .setServerConfig("ssl_ca_file", authority.certificate().toString())
            .setServerConfig(
                "hba_file", Files.writeString(folder.resolve("pg_hba.conf"), access).toString())
            .start();
  }

  /** Its JDBC address for one who trusts its authority and shows this certificate, or none. */
  public String url(TestAuthority.@Nullable Issued client) {
    return url(authority, client);
  }

  /** The same for one who trusts another authority. */
  public String url(TestAuthority trusted, TestAuthority.@Nullable Issued client) {
    String shown =
        client == null ? "" : "&sslcert=%s&sslkey=%s".formatted(client.certificate(), client.pk8());
    return "jdbc:postgresql://127.0.0.1:%d/postgres?sslmode=verify-full&sslrootcert=%s%s"
        .formatted(server.getPort(), trusted.certificate(), shown);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
