package dev.modelflow.ledger;

import java.sql.SQLException;
import java.util.List;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells failures that pass when one waits for Postgres from those that do not. */
final class ConnectionLoss {
  // Connection; the server stops or starts; serialisation failure or deadlock; no room on its disk,
  // no memory or no connection left; a system call of the server that failed; a transaction that
  // it ended because nothing was heard from us.
  private static final List<String> PASSING = List.of("08", "57P", "40", "53", "58", "25P03");

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

  private static boolean passes(SQLException failure) {
    String state = failure.getSQLState();
    return state != null && PASSING.stream().anyMatch(state::startsWith);
  }
}
