package dev.modelflow.engine.stage;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.Documents;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The rows that each step of next-token training sees, for trainers other than this engine: the
 * same as the engine's.
 */
public final class StageRows {
  private final int rowLength;
  private final DataOrder first;
  private final int firstSteps;
  private final DataOrder then;
  private int step;

  private StageRows(int rowLength, DataOrder first, int firstSteps, DataOrder then) {
    this.rowLength = rowLength;
    this.first = first;
    this.firstSteps = firstSteps;
    this.then = then;
  }

  /**
   * The rows of a stage that trains on token sets or conversations.
   *
   * @param tokenizer folder of the tokenizer that goes with the model
   * @throws StageFailure when tokens, tokenizer and model do not go together
   */
  public static StageRows of(StageSpec spec, ModelConfig model, Path tokenizer, StageEvents events)
      throws IOException {
    int rowLength = Session.rowLength(spec, model);
    if (spec.kind() == StageKind.SFT) {
      DataOrder order =
          SftStage.order(spec, Vocabulary.requireFits(tokenizer, model), rowLength, events);
      return new StageRows(rowLength, order, 0, order);
    }
    Vocabulary.requireFits(tokenizer, model);
    Map<String, Documents> sources = TokenStage.sources(spec, tokenizer);
    DataOrder main = TokenStage.order(spec, sources, "mix", rowLength);
    return spec.settings().has("firstMix")
        ? new StageRows(
            rowLength,
            TokenStage.order(spec, sources, "firstMix", rowLength),
            spec.settings().integer("firstSteps", 1),
            main)
        : new StageRows(rowLength, main, 0, main);
  }

  /** Tokens a row. */
  public int rowLength() {
    return rowLength;
  }

  /** Passes over the steps up to this one. */
  public void skip(int steps) {
    first.skip(Math.min(steps, firstSteps));
    then.skip(Math.max(0, steps - firstSteps));
    step = steps;
  }

  /** The next step's rows. */
  public PackedRows next() {
    step++;
    return step <= firstSteps ? first.next() : then.next();
  }
}
