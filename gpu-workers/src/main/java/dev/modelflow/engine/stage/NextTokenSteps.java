package dev.modelflow.engine.stage;

import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Seen;
import dev.modelflow.engine.learn.NextToken;
import java.util.List;
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
  public List<Seen> seen() {
    return List.of(order.seen());
  }

  @Override
  public Report make(int step, double rate) {
    PackedRows rows = order.next();
    DoubleAdder loss = new DoubleAdder();
    double norm =
        session.learner().step(NextToken.split(rows, session.tokensAtOnce(), zLoss, loss), rate);
    return new Report(rows.used(), Map.of("loss", loss.sum(), "gradientNorm", norm));
  }
}
