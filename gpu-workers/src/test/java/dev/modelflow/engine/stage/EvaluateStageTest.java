package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.evaluate.Score;
import dev.modelflow.engine.preference.Preference;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptContext;
import dev.modelflow.text.PromptForm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose context is 48 tokens, asked in characters that are a token each. */
class EvaluateStageTest {
  private static final String PRETRAIN =
      "{\"mix\": {\"counting\": 1}, \"steps\": 1, \"rows\": 1, \"learningRate\": 0.003}";

  @TempDir private Path root;
  private ToyFlow flow;

  @BeforeEach
  void train() throws Exception {
    flow = new ToyFlow(root);
    RecordedEvents events = new RecordedEvents();
    Stages.run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "base", null), events);
    flow.inputs.put("checkpoint", events.checkpointAt(1));
  }

  /** One token more than characters: the end of the text before. */
  private static Prompt needle(String id, int characters, PromptContext context) {
    return new Prompt(
        id, "needles", PromptForm.COMPLETION, "7".repeat(characters), "7", null, context);
  }

  private RecordedEvents ask(Prompt... questions) throws Exception {
    Prompt.writeAll(flow.inputs.getOrDefault("questions", root), Stream.of(questions));
    String settings = "{\"maxNewTokens\": 4, \"needleQuestions\": 2, \"heldOutTokens\": 0}";
    RecordedEvents events = new RecordedEvents();
    Stages.run(flow.spec(StageKind.EVALUATE, settings, "evaluation", null), events);
    return events;
  }

  @Test
  void questionsForALongerContextAreAskedWithoutAWord() throws Exception {
    RecordedEvents events =
        ask(needle("fits", 44, PromptContext.OLD), needle("longer", 80, PromptContext.NEW));
    assertThat(events.scores).containsOnlyKeys("needles-old accuracy", "needles-new accuracy");
    assertThat(events.lines).containsExactly("started 0 of 1");
  }

  @Test
  void withoutHeldOutPairsNothingIsSaidOfPreferences() throws Exception {
    Path preferences = Files.createDirectories(root.resolve("preferences"));
    Files.createFile(preferences.resolve(Preference.HELD_OUT_FILE));
    flow.inputs.put("preferences", preferences);
    assertThat(ask(needle("fits", 44, PromptContext.OLD)).scores)
        .containsOnlyKeys("needles-old accuracy");
  }

  @Test
  void otherQuestionsBeyondTheContextAreAskedAndSaid() throws Exception {
    RecordedEvents events =
        ask(
            needle("fits", 44, PromptContext.OLD),
            needle("long", 45, PromptContext.OLD),
            needle("never asked", 90, PromptContext.OLD),
            needle("longer", 80, PromptContext.NEW));
    assertThat(events.scores.values().stream().map(Score::samples)).containsExactly(2, 1);
    assertThat(events.lines)
        .containsExactly(
            "started 0 of 1",
            "warning: 1 of 2 questions with an answer of up to 4 tokens do not fit the model's context"
                + " of 48, the first 'long' with 46: they are asked all the same, beyond the positions"
                + " that it was trained on; leave them out, lower maxNewTokens or extend the context");
  }
}
