package dev.modelflow.microanneal;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Ranking;
import dev.modelflow.domain.StageKind;
import dev.modelflow.ledger.Events;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.text.Json;
import dev.modelflow.worker.CodeVersion;
import dev.modelflow.worker.StageContext;
import dev.modelflow.worker.StageExecutor;
import dev.modelflow.worker.StageOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Does the last part of the stage {@code microanneal}: it ranks what the anneals changed. */
public final class MicroannealExecutor implements StageExecutor {
  private static final Set<StageKind> KINDS = Set.of(StageKind.MICROANNEAL);

  @Override
  public Set<StageKind> kinds() {
    return KINDS;
  }

  @Override
  public String codeVersion(StageKind kind) {
    return CodeVersion.of(List.of(), MicroannealExecutor.class);
  }

  @Override
  public Map<String, StageOutput> execute(StageContext context) throws IOException {
    MicroannealParameters parameters =
        Json.convert(context.parameters(), MicroannealParameters.class);
    Map<String, List<Measurement>> measured = new TreeMap<>();
    for (String candidate : parameters.candidates().keySet()) {
      measured.put(candidate, measurements(context, candidate, parameters.seeds()));
    }
    List<Measurement> web = measurements(context, Recipe.WEB, parameters.seeds());
    Ranking ranking = new Ranker(web, measured).rank(parameters.rankBy());
    ranking.candidates().forEach(candidate -> context.event(Events.Level.INFO, words(candidate)));
    Path folder = Files.createDirectories(context.workFolder().resolve(Ranking.OUTPUT));
    Json.write(folder.resolve(Ranking.FILE), Json.tree(ranking));
    Map<String, String> properties =
        Map.of("candidates", Integer.toString(ranking.candidates().size()));
    return Map.of(Ranking.OUTPUT, new StageOutput(ArtifactKind.EVALUATION, folder, properties));
  }

  private static List<Measurement> measurements(StageContext context, String candidate, int seeds) {
    List<Measurement> measurements = new ArrayList<>();
    for (int i = 1; i <= seeds; i++) {
      String role = "evaluation.%s.%d".formatted(candidate, i);
      measurements.add(Measurement.read(role, context.input(role)));
    }
    return measurements;
  }

  private static String words(Ranking.Candidate candidate) {
    Ranking.Change change = candidate.overall();
    Double noise = change.noise();
    return String.format(
        Locale.ROOT,
        "%s: %s of %s %+.4f%s against the web alone, %s",
        candidate.candidate(),
        change.metric(),
        change.task(),
        change.change(),
        noise == null ? "" : String.format(Locale.ROOT, " ± %.4f", noise),
        change.verdict());
  }
}
