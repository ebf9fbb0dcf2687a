package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** API tokens: shown once when made, kept as hashes. */
public final class Tokens {
  private static final int BYTES = 24;

  private final SecureRandom random = new SecureRandom();
  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final AuditLog audit;

  Tokens(JdbcClient jdbc, Transactions transactions, AuditLog audit) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.audit = audit;
  }

  /** Makes a token called {@code name} and returns its secret, which nobody can ask for again. */
  public String create(String name) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String secret = "mf_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    admit(name, secret);
    return secret;
  }

  /** Makes a secret that was chosen elsewhere known under {@code name}, unless it is known. */
  public void admit(String name, String secret) {
    Digest hash = Digest.of(secret);
    transactions.run(
        () -> {
          int made =
              jdbc.sql(
                      """
                      insert into api_token (id, name, hash) values (:id, :name, :hash)
                      on conflict do nothing
                      """)
                  .param("id", hash.brief())
                  .param("name", name)
                  .param("hash", hash.hex())
                  .update();
          if (made == 1) {
            audit.append(name, "create-token", hash.brief(), Map.of());
          }
        });
  }

  /** The name of the token with this secret; notes, to the minute, that it was used. */
  public Optional<String> check(String secret) {
    String hash = Digest.of(secret).hex();
    Optional<Known> known = transactions.read(() -> find(hash));
    known.filter(Known::unnoted).ifPresent(token -> noteUse(hash));
    return known.map(Known::name);
  }

  private record Known(String name, boolean unnoted) {}

  private Optional<Known> find(String hash) {
    return jdbc.sql(
            """
            select name,
                   coalesce(last_used_at < now() - interval '1 minute', true) as unnoted
            from api_token where hash = :hash
            """)
        .param("hash", hash)
        .query((row, number) -> new Known(row.getString("name"), row.getBoolean("unnoted")))
        .optional();
  }

  // Every request would write the same row, and wait for the one before it to reach the disk.
  private void noteUse(String hash) {
    transactions.run(
        () ->
            jdbc.sql("update api_token set last_used_at = now() where hash = :hash")
                .param("hash", hash)
                .update());
  }
}
