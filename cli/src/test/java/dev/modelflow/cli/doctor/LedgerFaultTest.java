package dev.modelflow.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.ledger.LedgerConfig;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sentences for refusals as Postgres words them. */
class LedgerFaultTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FATAL: certificate authentication failed for user \"ledger\" | takes the certificate that sslcert names for another than 'ledger'",
        "FATAL: connection requires a valid client certificate | does not trust the certificate that sslcert names",
        "FATAL: role \"ledger\" is not permitted to log in | does not let 'ledger' in"
      })
  void aRefusalSaysWhatToDo(String said, String sentence) {
    LedgerConfig config =
        new LedgerConfig(
            "jdbc:postgresql://db:5432/modelflow?sslcert=client.pem&sslkey=client.pk8",
            "ledger",
            "secret");
    assertThat(LedgerFault.explain(new SQLException(said, "28000"), config))
        .contains(sentence, said)
        .doesNotContain("secret");
  }
}
