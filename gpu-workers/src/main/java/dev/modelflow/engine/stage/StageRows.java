package dev.modelflow.engine.stage;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.Documents;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Seen;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.text.ChatTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The rows that each step of next-token training sees, for trainers other than this engine: the
 * same as the engine's. Close it to close the files that it reads.
 */
public final class StageRows implements AutoCloseable {
  private final Owned files;
  private final int rowLength;
  private final DataOrder first;
  private final int firstSteps;
  private final DataOrder then;
  private int step;

  private StageRows(Owned files, int rowLength, DataOrder first, int firstSteps, DataOrder then) {
    this.files = files;
    this.rowLength = rowLength;
    this.first = first;
    this.firstSteps = firstSteps;
    this.then = then;
  }

  /**
   * The rows of a stage that trains on token sets or conversations.
   *
   * @param tokenizer folder of the tokenizer that goes with the model, and of its chat template
   * @throws StageFailure when tokens, tokenizer and model do not go together
   */
  public static StageRows of(StageSpec spec, ModelConfig model, Path tokenizer, StageEvents events)
      throws IOException {
    int rowLength = Session.rowLength(spec, model);
    if (spec.kind() == StageKind.SFT) {
      ChatTemplate template = ChatTemplate.of(tokenizer, Vocabulary.requireFits(tokenizer, model));
      DataOrder order = SftStage.order(spec, template, rowLength, events);
      return new StageRows(new Owned(), rowLength, order, 0, order);
    }
    Vocabulary.requireFits(tokenizer, model);
    Owned files = new Owned();
    try {
      return ofTokens(spec, TokenStage.sources(spec, tokenizer, files), files, rowLength);
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private static StageRows ofTokens(
      StageSpec spec, Map<String, Documents> sources, Owned files, int rowLength) {
    DataOrder main = TokenStage.order(spec, sources, "mix", rowLength);
    return spec.settings().has("firstMix")
        ? new StageRows(
            files,
            rowLength,
            TokenStage.order(spec, sources, "firstMix", rowLength),
            spec.settings().integer("firstSteps", 1),
            main)
        : new StageRows(files, rowLength, main, 0, main);
  }

  /** The same rows from the first step on, as long as this one is open: it has the files. */
  public StageRows again() {
    return new StageRows(new Owned(), rowLength, first.again(), firstSteps, then.again());
  }

  /** Tokens a row. */
  public int rowLength() {
    return rowLength;
  }

  /** Passes over the steps up to this one, which must not lie behind. */
  public void skipTo(int last) {
    first.skip(Math.min(last, firstSteps) - Math.min(step, firstSteps));
    then.skip(Math.max(0, last - firstSteps) - Math.max(0, step - firstSteps));
    step = last;
  }

  /**
   * What this step reads, which must not lie behind; steps before it are passed over. It may look
   * the documents' ids up in files.
   */
  public StepBatch read(int at) {
    skipTo(at);
    return StepBatch.of(at <= firstSteps ? first : then);
  }

  /** What the steps so far, made or passed over, have seen. */
  public List<Seen> seen() {
    List<Seen> seen = new ArrayList<>();
    if (firstSteps > 0) {
      seen.add(first.seen());
    }
    seen.add(then.seen().later(firstSteps));
    return seen;
  }

  /** The next step's rows. */
  public PackedRows next() {
    step++;
    return step <= firstSteps ? first.next() : then.next();
  }

  @Override
  public void close() {
    files.close();
  }
}
