package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Answers to requests that carried an idempotency key, so that a repeat gets the same answer. */
public final class IdempotencyKeys {
  private final JdbcClient jdbc;
  private final Transactions transactions;

  IdempotencyKeys(JdbcClient jdbc, Transactions transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /**
   * The answer to the first request with this actor and key; computes it by {@code work} when there
   * was none, in the same transaction, so that work and answer are recorded together or not at all.
   *
   * @param request what was asked; a repeat must ask the same
   * @throws IdempotencyConflictException when the key was used for another request
   */
  public Answer once(String actor, String key, Digest request, Supplier<Answer> work) {
    return transactions.in(
        () -> {
          lock(actor, key);
          Optional<Recorded> before = find(actor, key);
          if (before.isPresent()) {
            if (!before.get().request().equals(request)) {
              throw new IdempotencyConflictException(key);
            }
            return before.get().answer();
          }
          Answer answer = work.get();
          insert(actor, key, request, answer);
          return answer;
        });
  }

  private void lock(String actor, String key) {
    jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:text, 0))::text")
        .param("text", "idempotency " + actor + " " + key)
        .query(String.class)
        .list();
  }

  private Optional<Recorded> find(String actor, String key) {
    return jdbc.sql(
            """
            select request_hash, status, response from idempotency_key
            where actor = :actor and key = :key
            """)
        .param("actor", actor)
        .param("key", key)
        .query(
            (row, number) ->
                new Recorded(
                    new Digest(row.getString("request_hash")),
                    new Answer(row.getInt("status"), row.getString("response"))))
        .optional();
  }

  private void insert(String actor, String key, Digest request, Answer answer) {
    jdbc.sql(
            """
            insert into idempotency_key (actor, key, request_hash, status, response)
            values (:actor, :key, :request, :status, :response)
            """)
        .param("actor", actor)
        .param("key", key)
        .param("request", request.hex())
        .param("status", answer.status())
        .param("response", answer.body())
        .update();
  }

  /**
   * What was answered.
   *
   * @param status e.g. the HTTP status
   * @param body the answer's text
   */
  public record Answer(int status, String body) {}

  private record Recorded(Digest request, Answer answer) {}
}
