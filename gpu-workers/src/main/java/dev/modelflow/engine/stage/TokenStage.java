package dev.modelflow.engine.stage;

import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.Documents;
import dev.modelflow.engine.data.TokenSetDocuments;
import dev.modelflow.engine.optim.LearningRate;
import dev.modelflow.text.TokenSet;
import java.io.IOException;
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
    try (Session session = new Session(spec)) {
      LearningRate rate = Schedules.of(StartingRate.of(spec));
      return new TrainingLoop(session, events, rate).run(() -> steps(session));
    }
  }

  private static StepMaker steps(Session session) throws IOException {
    Settings settings = session.spec().settings();
    Vocabulary.requireFits(session.tokenizerFolder(), session.model());
    Map<String, Documents> sources = sources(session);
    NextTokenSteps main = new NextTokenSteps(session, order(session, sources, "mix"));
    return settings.has("firstMix")
        ? new StepsInTurn(
            new NextTokenSteps(session, order(session, sources, "firstMix")),
            settings.integer("firstSteps", 1),
            main)
        : main;
  }

  private static Map<String, Documents> sources(Session session) throws IOException {
    String tokenizer = Vocabulary.digest(session.tokenizerFolder());
    Map<String, Documents> sources = new LinkedHashMap<>();
    session
        .spec()
        .inputs()
        .forEach(
            (role, folder) -> {
              if (role.startsWith(TOKENS)) {
                String source = role.substring(TOKENS.length());
                TokenSet tokens = TokenSet.open(folder);
                Vocabulary.requireMadeBy(tokenizer, source, tokens);
                sources.put(source, new TokenSetDocuments(tokens));
              }
            });
    return sources;
  }

  private static DataOrder order(Session session, Map<String, Documents> sources, String mix) {
    StageSpec spec = session.spec();
    return new DataOrder(
        sources,
        spec.settings().weights(mix),
        spec.seed(),
        spec.settings().integer("rows", 1),
        session.rowLength());
  }
}
