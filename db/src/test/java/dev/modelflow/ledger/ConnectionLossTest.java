package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.UncategorizedSQLException;

class ConnectionLossTest {
  @ParameterizedTest
  @ValueSource(strings = {"08006", "57P01", "40001", "53100", "53300", "58030", "25P03"})
  void whatLiesInTheServersStatePasses(String state) {
    assertThat(ConnectionLoss.passes(failure(state))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "42703", "22001", "25P02"})
  void whatLiesInTheStatementStays(String state) {
    assertThat(ConnectionLoss.passes(failure(state))).isFalse();
  }

  private static RuntimeException failure(String state) {
    return new UncategorizedSQLException("task", "select", new SQLException("reason", state));
  }
}
