package dev.modelflow.ledger;

import java.sql.SQLException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells failures that pass when one waits for Postgres from those that do not. */
final class ConnectionLoss {
  private ConnectionLoss() {}

  /** Whether the same transaction may succeed when it is tried again a little later. */
  static boolean passes(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CannotCreateTransactionException
          || cause instanceof CannotGetJdbcConnectionException
          || cause instanceof TransientDataAccessException
          || cause instanceof RecoverableDataAccessException
          || (cause instanceof SQLException sql && passes(sql))) {
        return true;
      }
    }
    return false;
  }

  // 08: connection; 57P: the server stops or starts; 25P03: the transaction was idle for too long;
  // 40: serialisation failure or deadlock.
  private static boolean passes(SQLException failure) {
    String state = failure.getSQLState();
    return state != null
        && (state.startsWith("08")
            || state.startsWith("57P")
            || state.equals("25P03")
            || state.startsWith("40"));
  }
}
