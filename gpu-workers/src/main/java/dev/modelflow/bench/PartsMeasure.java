package dev.modelflow.bench;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.learn.Learner;
import dev.modelflow.engine.learn.MicroBatch;
import dev.modelflow.engine.learn.NextToken;
import dev.modelflow.engine.learn.StepLoss;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.optim.AdamW;
import dev.modelflow.engine.stage.StageRows;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Range;
import java.io.IOException;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Measures parts of a stage's step, each alone. */
final class PartsMeasure implements AutoCloseable {
  private static final int TIMES = 5;
  private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.95, 1e-8, 0.1);

  /** Rows are read so quickly that one step's would not show. */
  private static final int STEPS_OF_DATA = 50;

  private final StageSpec spec;
  private final BenchModel model;
  private final Lanes lanes;
  private final StageRows rows;
  private final StageRows mixed;

  PartsMeasure(BenchStage stage, BenchModel model, Lanes lanes) throws IOException {
    this.spec = stage.spec();
    this.model = model;
    this.lanes = lanes;
    rows = rows(spec);
    mixed = rows(stage.mixed().spec());
  }

  private static StageRows rows(StageSpec spec) throws IOException {
    return StageRows.of(spec, spec.model(), spec.input("tokenizer"), new StepTimes());
  }

  Parts measure() {
    return new Parts(1000 * data(rows), 1000 * data(mixed), 1000 * forward(), 1000 * optimizer());
  }

  private double data(StageRows source) {
    return Clock.median(TIMES, () -> Clock.seconds(() -> readManySteps(source))) / STEPS_OF_DATA;
  }

  private void readManySteps(StageRows source) {
    for (int step = 0; step < STEPS_OF_DATA; step++) {
      batches(source.next());
    }
  }

  private List<MicroBatch> batches(PackedRows read) {
    int tokens = NextToken.tokensEach(read, LibTorch.device().tokensAtOnce(), lanes.count());
    return NextToken.split(read, tokens, spec.settings().number("zLoss", 0), new StepLoss());
  }

  /** The first part of the very pass that makes the stage's steps. */
  private double forward() {
    List<MicroBatch> batches = batches(rows.next());
    try (AdamW optimizer = new AdamW(ADAM, model.weights());
        Learner learner = new Learner(model.decoder(), model.weights(), optimizer, lanes, 1)) {
      return Clock.median(TIMES, () -> Clock.seconds(() -> learner.forward(batches)));
    }
  }

  /** What a step does after its backward pass when the gradient is clipped. */
  private double optimizer() {
    Parameters weights = model.weights();
    try (AdamW optimizer = new AdamW(ADAM, weights);
        Parameters gradient = new Parameters(weights.layout())) {
      gradient.flat().fill_(new Scalar(1e-3));
      return Clock.median(TIMES, () -> Clock.seconds(() -> update(optimizer, gradient)));
    }
  }

  private void update(AdamW optimizer, Parameters gradient) {
    optimizer.begin();
    lanes.run(
        lane -> {
          Range own = Range.of(gradient.layout().size()).part(lane, lanes.count());
          Tensor part = gradient.view(own);
          double norm = part.dot(part).item_float();
          for (Range piece : LibTorch.device().pieces(own)) {
            optimizer.update(gradient.flat(), 0.5, 1e-9, piece.from(), piece.to());
          }
          return norm;
        });
  }

  @Override
  public void close() {
    rows.close();
    mixed.close();
  }
}
