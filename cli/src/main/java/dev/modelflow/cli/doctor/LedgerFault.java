package dev.modelflow.cli.doctor;

import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.tls.Certificates;
import java.sql.SQLException;

/** Says in one sentence why Postgres let nobody in, and what to do. */
final class LedgerFault {
  private LedgerFault() {}

  /** The sentence for a failure to connect to the ledger of {@code config}. */
  static String explain(SQLException failure, LedgerConfig config) {
    if (Certificates.refused(failure)) {
      return "%s shows a certificate that is not trusted (%s); name the file with its authority as sslrootcert in MODELFLOW_LEDGER_URL"
          .formatted(config.url(), Certificates.why(failure));
    }
    return switch (String.valueOf(failure.getSQLState())) {
      case "28P01" ->
          "%s refuses the password of '%s'; write the right one into the file that MODELFLOW_LEDGER_PASSWORD_FILE names"
              .formatted(config.url(), config.user());
      case "28000" -> refusal(root(failure), config);
      case "3D000" ->
          "%s: there is no such database; make it with: createdb --owner=%s NAME"
              .formatted(config.url(), config.user());
      case "08001", "08004", "08006" ->
          "%s cannot be reached (%s); start Postgres, or correct MODELFLOW_LEDGER_URL"
              .formatted(config.url(), root(failure));
      default -> "%s: %s".formatted(config.url(), failure.getMessage());
    };
  }

  private static String refusal(String why, LedgerConfig config) {
    if (!why.contains("certificate")) {
      return "%s does not let '%s' in (%s); correct MODELFLOW_LEDGER_USER, or have its operator let that role in"
          .formatted(config.url(), config.user(), why);
    }
    if (why.contains("certificate authentication failed")) {
      return "%s takes the certificate that sslcert names for another than '%s' (%s); name one with that common name, or have its operator map it to that role"
          .formatted(config.url(), config.user(), why);
    }
    return config.url().contains("sslcert=")
        ? "%s does not trust the certificate that sslcert names (%s); ask its operator which authority signs those of clients"
            .formatted(config.url(), why)
        : "%s wants a client's certificate (%s); name one and its key as sslcert and sslkey in MODELFLOW_LEDGER_URL"
            .formatted(config.url(), why);
  }

  private static String root(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return String.valueOf(last.getMessage());
  }
}
