package dev.modelflow.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * With which environment variables trainers were started. The last digits of what they compute hang
 * on some of them.
 */
final class TrainerEnvironments {
  private final JdbcClient jdbc;
  private final Events events;

  TrainerEnvironments(JdbcClient jdbc, Events events) {
    this.jdbc = jdbc;
    this.events = events;
  }

  /** In the caller's transaction, which holds the fence. */
  void record(Fence fence, Map<String, String> variables) {
    jdbc.sql(
            """
            update attempt set environment = environment || jsonb_build_object('trainer', :trainer::jsonb)
            where id = :id
            """)
        .param("trainer", Json.write(new TreeMap<>(variables)))
        .param("id", fence.attemptId())
        .update();
    lastWriters(fence.stageId())
        .map(before -> differences(before, variables))
        .filter(different -> !different.isEmpty())
        .ifPresent(
            different ->
                events.add(
                    fence.runId(),
                    fence.stage(),
                    Events.Level.WARNING,
                    "Attempt %d goes on from a checkpoint that was computed with %s; last digits may differ"
                        .formatted(fence.epoch(), String.join(", ", different))));
  }

  private Optional<Map<String, String>> lastWriters(long stageId) {
    return jdbc.sql(
            """
            select attempt.environment #>> '{trainer}'
            from checkpoint join attempt on attempt.id = checkpoint.attempt_id
            where checkpoint.stage_id = :stage and attempt.environment -> 'trainer' is not null
            order by checkpoint.step desc limit 1
            """)
        .param("stage", stageId)
        .query(String.class)
        .optional()
        .map(TrainerEnvironments::parse);
  }

  private static Map<String, String> parse(String json) {
    Map<String, String> variables = new TreeMap<>();
    Json.tree(json).forEach((name, value) -> variables.put(name, String.valueOf(value)));
    return variables;
  }

  /** What was otherwise before, e.g. {@code OMP_NUM_THREADS=4 instead of 2}. */
  private static List<String> differences(Map<String, String> before, Map<String, String> now) {
    Set<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    List<String> different = new ArrayList<>();
    for (String name : names) {
      String then = before.getOrDefault(name, "nothing");
      String today = now.getOrDefault(name, "nothing");
      if (!then.equals(today)) {
        different.add("%s=%s instead of %s".formatted(name, then, today));
      }
    }
    return different;
  }
}
