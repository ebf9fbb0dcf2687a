package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.SignOfLife;
import dev.modelflow.engine.tensor.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
  private static final String PRETRAIN =
      """
      {"mix": {"counting": 1}, "steps": 8, "rows": 2, "learningRate": 0.01}
      """;

  @TempDir private Path root;

  @Test
  void aStepChangesNothingUntilTheCopyIsTaken() throws Exception {
    StageSpec spec = new ToyFlow(root).spec(StageKind.PRETRAIN, PRETRAIN, "a", null);
    try (Owned files = new Owned();
        Session session = new Session(spec, SignOfLife.NONE)) {
      StepMaker steps = steps(session, files);
      steps.make(1, 0.01);
      float[] weights = values(session.parameters());
      float[] first = values(session.optimizer().first());
      float[] second = values(session.optimizer().second());

      Snapshot snapshot = session.snapshot();
      snapshot.begin();
      Thread step = Thread.ofPlatform().start(() -> steps.make(2, 0.01));
      while (step.isAlive() && !waits(step)) {
        Thread.onSpinWait();
      }
      assertThat(step.isAlive()).isTrue();
      assertThat(values(session.parameters())).isEqualTo(weights);
      Snapshot.Copy copy = snapshot.take();
      step.join();

      assertThat(snapshot.waitedNanos()).isPositive();
      assertThat(values(copy.weights())).isEqualTo(weights);
      assertThat(values(copy.moments().first())).isEqualTo(first);
      assertThat(values(copy.moments().second())).isEqualTo(second);
      assertThat(values(session.parameters())).isNotEqualTo(weights);
    }
  }

  private static StepMaker steps(Session session, Owned files) throws Exception {
    StageSpec spec = session.spec();
    return new NextTokenSteps(
        session,
        TokenStage.order(
            spec,
            TokenStage.sources(spec, session.tokenizerFolder(), files),
            "mix",
            session.rowLength()));
  }

  private static boolean waits(Thread step) {
    return step.getState() == Thread.State.WAITING
        && Arrays.stream(step.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(Snapshot.class.getName()));
  }

  private static float[] values(Parameters parameters) {
    try (PointerScope _ = new PointerScope()) {
      return Tensors.toFloats(parameters.flat());
    }
  }
}
