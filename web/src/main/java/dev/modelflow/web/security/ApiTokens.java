package dev.modelflow.web.security;

import dev.modelflow.domain.Digest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Secrets by which a person or a system is known. The ledger holds their SHA-256 alone: they are
 * 256 random bits, which no one can guess, so a slow hash would add nothing.
 */
public final class ApiTokens {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;
  private static final int LONGEST = 200;

  private final JdbcClient db;

  /** Tokens of the ledger behind {@code db}. */
  public ApiTokens(JdbcClient db) {
    this.db = db;
  }

  /**
   * Makes a token and records its hash.
   *
   * @param name whom the token stands for in audit events
   * @return the secret, which cannot be had a second time
   */
  public String issue(String name) {
    byte[] bits = new byte[BYTES];
    RANDOM.nextBytes(bits);
    String secret = "mf_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    byte[] id = new byte[6];
    RANDOM.nextBytes(id);
    db.sql("insert into api_token (id, name, hash) values (?, ?, ?)")
        .params(HexFormat.of().formatHex(id), name, Digest.of(secret).hex())
        .update();
    return secret;
  }

  /** Whether any token was ever made. */
  public boolean anyIssued() {
    return db.sql("select exists (select 1 from api_token)").query(Boolean.class).single();
  }

  /** The name of the token with this secret; empty when there is none. */
  public Optional<String> nameOf(String secret) {
    if (secret.length() > LONGEST) {
      return Optional.empty();
    }
    String hash = Digest.of(secret).hex();
    Optional<String> name =
        db.sql("select name from api_token where hash = ?")
            .param(hash)
            .query(String.class)
            .optional();
    // Once a minute is precise enough, and spares a write for each request.
    name.ifPresent(
        known ->
            db.sql(
                    """
                    update api_token set last_used_at = now() where hash = ?
                    and (last_used_at is null or last_used_at < now() - interval '1 minute')
                    """)
                .param(hash)
                .update());
    return name;
  }
}
