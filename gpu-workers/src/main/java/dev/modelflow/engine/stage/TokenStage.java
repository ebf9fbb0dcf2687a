package dev.modelflow.engine.stage;

import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.Documents;
import dev.modelflow.engine.data.TokenSetDocuments;
import dev.modelflow.engine.optim.LearningRate;
import dev.modelflow.text.TokenSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Next-token training on a mix of token sets: pretrain (from nothing), midtrain (goes on with
 * weights and moments) and long-context (the same over a longer context, with YaRN). A first mix
 * may come before the main one.
 */
final class TokenStage {
  private static final String TOKENS = "tokens.";

  private TokenStage() {}

  static StageResult run(StageSpec spec, StageEvents events) throws IOException {
    try (Session session = new Session(spec, events);
        Owned files = new Owned()) {
      LearningRate rate = Schedules.of(StartingRate.of(spec));
      return new TrainingLoop(session, events, rate).run(() -> steps(session, files));
    }
  }

  private static StepMaker steps(Session session, Owned files) throws IOException {
    Settings settings = session.spec().settings();
    Vocabulary.requireFits(session.tokenizerFolder(), session.model());
    StageSpec spec = session.spec();
    Map<String, Documents> sources = sources(spec, session.tokenizerFolder(), files);
    int rowLength = session.rowLength();
    NextTokenSteps main = new NextTokenSteps(session, order(spec, sources, "mix", rowLength));
    return settings.has("firstMix")
        ? new StepsInTurn(
            new NextTokenSteps(session, order(spec, sources, "firstMix", rowLength)),
            settings.integer("firstSteps", 1),
            main)
        : main;
  }

  /** The token sets by name, whose files {@code files} takes over. */
  static Map<String, Documents> sources(StageSpec spec, Path tokenizerFolder, Owned files)
      throws IOException {
    String tokenizer = Vocabulary.digest(tokenizerFolder);
    Map<String, Documents> sources = new LinkedHashMap<>();
    spec.inputs()
        .forEach(
            (role, folder) -> {
              if (role.startsWith(TOKENS)) {
                String source = role.substring(TOKENS.length());
                TokenSet tokens = TokenSet.open(folder);
                files.add(tokens, tokens::close);
                Vocabulary.requireMadeBy(tokenizer, source, tokens);
                sources.put(source, new TokenSetDocuments(tokens));
              }
            });
    return sources;
  }

  static DataOrder order(
      StageSpec spec, Map<String, Documents> sources, String mix, int rowLength) {
    return new DataOrder(
        sources,
        spec.settings().weights(mix),
        spec.seed(),
        spec.settings().integer("rows", 1),
        rowLength);
  }
}
