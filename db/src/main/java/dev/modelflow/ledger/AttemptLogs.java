package dev.modelflow.ledger;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes the logs of attempts and keeps them within their bounds. */
final class AttemptLogs {
  private final JdbcClient jdbc;
  private final JdbcTemplate template;

  AttemptLogs(JdbcClient jdbc, JdbcTemplate template) {
    this.jdbc = jdbc;
    this.template = template;
  }

  /** In the caller's transaction, which holds the fence. */
  void write(long attempt, List<LogChunk> chunks) {
    if (chunks.isEmpty()) {
      return;
    }
    deleteFrom(attempt, chunks.getFirst().firstLine());
    template.batchUpdate(
        "insert into log_chunk (attempt_id, first_line, lines, text) values (?, ?, ?, ?)",
        chunks.stream().map(chunk -> row(attempt, chunk)).toList());
    deleteOldest(attempt);
  }

  private static Object[] row(long attempt, LogChunk chunk) {
    return new Object[] {
      attempt, chunk.firstLine(), chunk.lines().size(), String.join("\n", chunk.lines())
    };
  }

  // A repeat after a lost answer may be cut into other chunks than the first time.
  private void deleteFrom(long attempt, long line) {
    jdbc.sql("delete from log_chunk where attempt_id = :attempt and first_line + lines > :line")
        .param("attempt", attempt)
        .param("line", line)
        .update();
  }

  private void deleteOldest(long attempt) {
    jdbc.sql(
            """
            delete from log_chunk where attempt_id = :attempt and first_line in (
              select first_line from (
                select first_line, sum(lines) over newest as lines,
                       sum(octet_length(text)) over newest as bytes
                from log_chunk where attempt_id = :attempt
                window newest as (order by first_line desc)) chunk
              where lines > :lines or bytes > :bytes)
            """)
        .param("attempt", attempt)
        .param("lines", LogChunk.MOST_LINES)
        .param("bytes", LogChunk.MOST_BYTES)
        .update();
  }
}
