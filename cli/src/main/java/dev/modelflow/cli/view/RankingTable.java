package dev.modelflow.cli.view;

import dev.modelflow.domain.Ranking;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The report of a microanneal: what ranks each candidate, and below it every task. */
public final class RankingTable {
  private RankingTable() {}

  /** The lines. */
  public static List<String> of(Ranking ranking) {
    Table table =
        new Table("", "candidate", "task", "metric", ">web", ">value", ">change", ">± noise", "");
    int rank = 0;
    for (Ranking.Candidate candidate : ranking.candidates()) {
      rank++;
      String place = Integer.toString(rank);
      String name = candidate.candidate();
      for (Ranking.Change change : candidate.rows()) {
        add(table, place, name, change);
        place = "";
        name = "";
      }
    }
    return table.render();
  }

  private static void add(Table table, String rank, String name, Ranking.Change change) {
    table.add(
        rank,
        name,
        change.task(),
        change.metric(),
        number(change.web()),
        number(change.value()),
        (change.change() > 0 ? "+" : "") + number(change.change()),
        noise(change.noise()),
        change.verdict());
  }

  private static String noise(@Nullable Double noise) {
    return noise == null ? "unknown" : number(noise);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
