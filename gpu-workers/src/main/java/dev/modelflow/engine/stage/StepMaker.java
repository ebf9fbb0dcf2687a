package dev.modelflow.engine.stage;

import dev.modelflow.engine.data.Seen;
import java.util.List;
import java.util.Map;

/** What differs between training stages: how one step is made. */
interface StepMaker {
  /**
   * A step's tokens and numbers.
   *
   * @param tokens that the model learnt from
   * @param values for the curves; averaged over the steps between two events
   * @param counts for the curves; summed over the steps between two events
   */
  record Report(long tokens, Map<String, Double> values, Map<String, Long> counts) {}

  /** Passes over the data of {@code steps} steps that an earlier attempt made. */
  void skip(int steps);

  /**
   * What its steps so far have seen, those passed over included where they hang on no answers: the
   * data-order record of a checkpoint.
   */
  List<Seen> seen();

  /** What the latest step read; it may look the documents' ids up in files. */
  StepBatch latest();

  /** Makes step {@code step}, counted from 1, at this learning rate. */
  Report make(int step, double rate);
}
