package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageResult.Stopped;
import dev.modelflow.engine.stage.StageSpec.Resume;
import dev.modelflow.objects.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.jspecify.annotations.Nullable;

/** Where a stage is stopped and resumed changes no byte of what it ends with. */
class ResumePropertyTest {
  static final int STEPS = 24;
  private static final Experts EXPERTS = new Experts(4, 2, 0.01, 0.001);
  private static final ModelConfig TINY = new ModelConfig(2, 8, 2, 8, 260, 24, 8, 10_000, null);
  private static final String PRETRAIN =
      """
      {"firstMix": {"words": 1}, "firstSteps": FIRST, "mix": {"counting": 0.7, "words": 0.3},
       "steps": 24, "rows": 3, "rowLength": 24, "learningRate": 0.01, "schedule": "wsd", "warmupFraction": 0.125,
       "checkpointEvery": 7, "microBatchTokens": 24,
       "skipStep": {"window": 8, "deviations": 0.5},
       "instanceFilter": {"shortest": 1, "longest": 13, "times": 4}}
      """;

  private Path root = Path.of("");

  @BeforeTry
  void makeFolder() throws IOException {
    root = Files.createTempDirectory("resume");
  }

  @AfterTry
  void deleteFolder() throws IOException {
    Folders.delete(root);
  }

  @Property(tries = 12)
  void aStageThatWasStoppedAfterAnyStepsEndsWithTheSameBytes(
      @ForAll @IntRange(min = 1, max = STEPS - 1) int firstSteps,
      @ForAll @Size(min = 1, max = 3) Set<@IntRange(min = 1, max = STEPS - 1) Integer> stops,
      @ForAll boolean sparse)
      throws IOException {
    ToyFlow flow = new ToyFlow(root);
    ModelConfig model = sparse ? TINY.withExperts(EXPERTS) : TINY;
    String parameters = PRETRAIN.replace("FIRST", "" + firstSteps);
    RecordedEvents whole = new RecordedEvents();
    Stages.run(spec(flow, model, parameters, "whole", null), whole);

    Resume resume = null;
    for (int stop : new TreeSet<>(stops)) {
      RecordedEvents part = new RecordedEvents().stoppingAfter(stop);
      StageSpec spec = spec(flow, model, parameters, "until-" + stop, resume);
      assertThat(Stages.run(spec, part)).isEqualTo(new Stopped(stop));
      resume = new Resume(part.checkpointAt(stop), stop);
    }
    RecordedEvents rest = new RecordedEvents();
    StageSpec spec = spec(flow, model, parameters, "rest", resume);
    assertThat(Stages.run(spec, rest)).isInstanceOf(Done.class);
    WrittenFolders.assertEqualBytes(rest.checkpointAt(STEPS), whole.checkpointAt(STEPS));
  }

  private static StageSpec spec(
      ToyFlow flow, ModelConfig model, String parameters, String output, @Nullable Resume resume) {
    return ToyFlow.with(model, flow.spec(StageKind.PRETRAIN, parameters, output, resume));
  }
}
