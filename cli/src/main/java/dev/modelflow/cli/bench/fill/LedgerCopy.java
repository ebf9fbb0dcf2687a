package dev.modelflow.cli.bench.fill;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Gathers rows of all tables and sends them with COPY, in the order of their references. */
final class LedgerCopy {
  private final Connection connection;
  private final Map<Table, StringBuilder> waiting = new EnumMap<>(Table.class);
  private final Map<Table, Long> rows = new EnumMap<>(Table.class);

  /** Sends over {@code connection}, which commits by itself. */
  LedgerCopy(Connection connection) {
    this.connection = connection;
  }

  /** Adds a row whose values stand in the order of the table's columns. */
  void row(Table table, @Nullable Object... values) {
    StringBuilder text = waiting.computeIfAbsent(table, key -> new StringBuilder());
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : "\t").append(field(values[i]));
    }
    text.append('\n');
    rows.merge(table, 1L, Long::sum);
  }

  /** How many rows the table was given so far. */
  long rows(Table table) {
    return rows.getOrDefault(table, 0L);
  }

  static String field(@Nullable Object value) {
    if (value == null) {
      return "\\N";
    }
    String text = value.toString();
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      switch (each) {
        case '\\' -> escaped.append("\\\\");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> escaped.append(each);
      }
    }
    return escaped.toString();
  }

  /** Sends what was gathered. */
  void flush() throws SQLException, IOException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    for (Table table : Table.values()) {
      StringBuilder text = waiting.remove(table);
      if (text != null) {
        postgres.getCopyAPI().copyIn(table.copy(), new StringReader(text.toString()));
      }
    }
  }

  /** Numbers go on behind those that were sent, and the planner learns what there is. */
  void settle() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String table : new String[] {"stage", "attempt"}) {
        statement.execute(
            "select setval(pg_get_serial_sequence('%1$s', 'id'), (select max(id) from %1$s))"
                .formatted(table));
      }
      statement.execute("vacuum analyze");
    }
  }
}
