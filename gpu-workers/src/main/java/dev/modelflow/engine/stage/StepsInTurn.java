package dev.modelflow.engine.stage;

import dev.modelflow.engine.data.Seen;
import java.util.ArrayList;
import java.util.List;

/** Some steps of one kind, then steps of another. */
final class StepsInTurn implements StepMaker {
  private final StepMaker first;
  private final int firstSteps;
  private final StepMaker then;
  private StepMaker latest;

  StepsInTurn(StepMaker first, int firstSteps, StepMaker then) {
    this.first = first;
    this.firstSteps = firstSteps;
    this.then = then;
    latest = first;
  }

  @Override
  public void skip(int steps) {
    first.skip(Math.min(steps, firstSteps));
    then.skip(Math.max(0, steps - firstSteps));
  }

  @Override
  public List<Seen> seen() {
    List<Seen> seen = new ArrayList<>(first.seen());
    then.seen().forEach(each -> seen.add(each.later(firstSteps)));
    return seen;
  }

  @Override
  public StepBatch latest() {
    return latest.latest();
  }

  @Override
  public Report make(int step, double rate) {
    latest = step <= firstSteps ? first : then;
    return latest.make(step, rate);
  }
}
