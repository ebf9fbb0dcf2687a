package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.Digest;
import dev.modelflow.ledger.IdempotencyKeys.Answer;
import dev.modelflow.services.UsesServices;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

@UsesServices
class TokensTest {
  private static final LedgerFixture FIXTURE = new LedgerFixture();

  @AfterAll
  static void close() {
    FIXTURE.close();
  }

  @Test
  void aTokenIsKnownByItsSecretWhichTheLedgerDoesNotHold() {
    Tokens tokens = FIXTURE.ledger().tokens();
    String secret = tokens.create("laptop");
    assertThat(tokens.check(secret)).contains("laptop");
    assertThat(tokens.check(secret + "x")).isEmpty();
    assertThat(
            FIXTURE
                .ledger()
                .jdbc()
                .sql("select count(*) from api_token where api_token::text like :secret")
                .param("secret", "%" + secret + "%")
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void aSecretThatWasChosenElsewhereIsAdmittedOnce() {
    Tokens tokens = FIXTURE.ledger().tokens();
    tokens.admit("first", "chosen-elsewhere");
    tokens.admit("second", "chosen-elsewhere");
    assertThat(tokens.check("chosen-elsewhere")).contains("first");
    assertThat(
            FIXTURE
                .ledger()
                .jdbc()
                .sql("select count(*) from audit_event where actor in ('first', 'second')")
                .query(Long.class)
                .single())
        .isOne();
  }

  @Test
  void aRepeatedRequestGetsTheFirstAnswerAndDoesNothing() {
    IdempotencyKeys keys = FIXTURE.ledger().idempotencyKeys();
    AtomicInteger done = new AtomicInteger();
    Digest request = Digest.of("create a run");
    for (int i = 0; i < 3; i++) {
      Answer answer =
          keys.once("a", "key", request, () -> new Answer(201, "run " + done.incrementAndGet()));
      assertThat(answer).isEqualTo(new Answer(201, "run 1"));
    }
    assertThat(done).hasValue(1);
    assertThatThrownBy(() -> keys.once("a", "key", Digest.of("another"), () -> new Answer(201, "")))
        .isInstanceOf(IdempotencyConflictException.class)
        .hasMessageContaining("'key' was used for another request");
  }

  @Test
  void workThatFailsLeavesTheKeyFree() {
    IdempotencyKeys keys = FIXTURE.ledger().idempotencyKeys();
    Digest request = Digest.of("x");
    assertThatThrownBy(
            () ->
                keys.once(
                    "a",
                    "failing",
                    request,
                    () -> {
                      throw new IllegalArgumentException("no");
                    }))
        .hasMessage("no");
    assertThat(keys.once("a", "failing", request, () -> new Answer(200, "yes")).body())
        .isEqualTo("yes");
  }
}
