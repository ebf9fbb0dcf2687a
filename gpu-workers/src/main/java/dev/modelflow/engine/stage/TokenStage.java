package dev.modelflow.engine.stage;

import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.learn.NextToken;
import dev.modelflow.engine.optim.LearningRate;
import dev.modelflow.engine.optim.LearningRate.Curve;
import dev.modelflow.text.TokenSet;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;

/**
 * Next-token training on a mix of token sets: pretrain (from nothing), midtrain (goes on with
 * weights and moments) and long-context (the same over a longer context, with YaRN).
 */
final class TokenStage {
  private static final String TOKENS = "tokens.";

  private TokenStage() {}

  static StageResult run(StageSpec spec, StageEvents events) throws IOException {
    try (Session session = new Session(spec)) {
      Settings settings = spec.settings();
      Curve curve =
          switch (spec.kind()) {
            case PRETRAIN -> Curve.COSINE;
            default -> Curve.LINEAR;
          };
      LearningRate rate = Schedules.of(settings, settings.integer("steps", 1), curve);
      int rowLength = settings.integer("rowLength", 2, session.model().context());
      if (rowLength > session.model().context()) {
        throw settings.wrong(
            "rowLength", rowLength, "at most the context, " + session.model().context());
      }
      DataOrder order = order(spec, settings.integer("rows", 1), rowLength);
      return new TrainingLoop(session, events, rate).run(maker(session, order));
    }
  }

  private static DataOrder order(StageSpec spec, int rows, int rowLength) {
    Map<String, TokenSet> sources = new LinkedHashMap<>();
    spec.inputs()
        .forEach(
            (role, folder) -> {
              if (role.startsWith(TOKENS)) {
                sources.put(role.substring(TOKENS.length()), TokenSet.open(folder));
              }
            });
    return new DataOrder(sources, spec.settings().weights("mix"), spec.seed(), rows, rowLength);
  }

  private static StepMaker maker(Session session, DataOrder order) {
    Settings settings = session.spec().settings();
    double zLoss = settings.number("zLoss", 0, 1e-5);
    int atOnce = settings.integer("tokensAtOnce", 1, 512);
    return new StepMaker() {
      @Override
      public void skip(int steps) {
        order.skip(steps);
      }

      @Override
      public Report make(int step, double rate) {
        PackedRows rows = order.next();
        DoubleAdder loss = new DoubleAdder();
        double norm = session.learner().step(NextToken.split(rows, atOnce, zLoss, loss), rate);
        return new Report(rows.targetCount(), Map.of("loss", loss.sum(), "gradientNorm", norm));
      }
    };
  }
}
