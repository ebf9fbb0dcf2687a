package dev.modelflow.engine.stage;

import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.learn.NextToken;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;

/** Steps of next-token training over an order of rows. */
final class NextTokenSteps implements StepMaker {
  private final Session session;
  private final DataOrder order;
  private final double zLoss;

  NextTokenSteps(Session session, DataOrder order) {
    this.session = session;
    this.order = order;
    zLoss = session.spec().settings().number("zLoss", 0);
  }

  @Override
  public void skip(int steps) {
    order.skip(steps);
  }

  @Override
  public Report make(int step, double rate) {
    PackedRows rows = order.next();
    DoubleAdder loss = new DoubleAdder();
    double norm =
        session.learner().step(NextToken.split(rows, session.tokensAtOnce(), zLoss, loss), rate);
    Map<String, Double> values = new LinkedHashMap<>(session.learner().expertLoad().values());
    values.put("loss", loss.sum());
    values.put("gradientNorm", norm);
    return new Report(rows.used(), values);
  }
}
