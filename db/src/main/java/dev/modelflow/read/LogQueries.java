package dev.modelflow.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Questions about what attempts said; a reused stage answers with its original's. */
public final class LogQueries {
  private final JdbcClient db;

  /** Asks the ledger behind {@code db}. */
  public LogQueries(JdbcClient db) {
    this.db = db;
  }

  /** The numbers of each stage's attempts, oldest first; only stages that have any, in order. */
  public Map<String, List<Integer>> attempts(String run) {
    Map<String, List<Integer>> attempts = new LinkedHashMap<>();
    db.sql(
            """
            select stage.name, array_agg(attempt.epoch order by attempt.epoch) as attempts
            from stage
            join stage_result result on result.stage_id = stage.id
            join attempt on attempt.stage_id = result.made_by
            where stage.run_id = ? group by stage.name, stage.position order by stage.position
            """)
        .param(run)
        .query(
            row -> {
              attempts.put(
                  row.getString("name"), List.of((Integer[]) row.getArray("attempts").getArray()));
            });
    return attempts;
  }

  /**
   * The newest {@code most} lines of an attempt's log, each with a line end. Where lines are
   * missing, a line in brackets says how many.
   */
  public String text(String run, String stage, int attempt, int most) {
    List<Chunk> chunks =
        db.sql(
                """
                select first_line, text from (
                  select chunk.first_line, chunk.lines, chunk.text,
                         sum(chunk.lines) over (order by chunk.first_line desc) - chunk.lines
                           as newer
                  from stage
                  join stage_result result on result.stage_id = stage.id
                  join attempt on attempt.stage_id = result.made_by
                  join log_chunk chunk on chunk.attempt_id = attempt.id
                  where stage.run_id = ? and stage.name = ? and attempt.epoch = ?) counted
                where newer < ? order by first_line
                """)
            .params(run, stage, attempt, most)
            .query(
                (row, number) ->
                    new Chunk(
                        row.getLong("first_line"), List.of(row.getString("text").split("\n", -1))))
            .list();
    return text(chunks, most);
  }

  private static String text(List<Chunk> chunks, int most) {
    int surplus = chunks.stream().mapToInt(chunk -> chunk.lines.size()).sum() - most;
    List<String> shown = new ArrayList<>();
    long next = 1;
    for (Chunk chunk : chunks) {
      List<String> lines = chunk.lines.subList(Math.max(0, surplus), chunk.lines.size());
      long first = chunk.firstLine + Math.max(0, surplus);
      if (first > next) {
        shown.add(leftOut(first - next));
      }
      shown.addAll(lines);
      next = first + lines.size();
      surplus = 0;
    }
    return shown.isEmpty() ? "" : String.join("\n", shown) + "\n";
  }

  private static String leftOut(long lines) {
    return lines == 1 ? "[1 line left out]" : "[%d lines left out]".formatted(lines);
  }

  private record Chunk(long firstLine, List<String> lines) {}
}
