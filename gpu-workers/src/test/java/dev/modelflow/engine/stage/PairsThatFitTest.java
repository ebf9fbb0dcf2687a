package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.preference.Preference;
import dev.modelflow.engine.preference.PreferenceScorer;
import dev.modelflow.engine.question.Asker;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.JsonLines;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptForm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model that has learnt nothing says bytes that are no UTF-8. Each becomes U+FFFD, three bytes,
 * when the answer is kept as a text.
 */
class PairsThatFitTest {
  private static final String DPO =
      """
      {"pairs": 50, "heldOutPairs": 0, "batchPairs": 2, "steps": 2, "maxNewTokens": LONGEST,
       "learningRate": 0.001}
      """;

  @TempDir private Path root;
  private ToyFlow flow;

  @BeforeEach
  void learnNothing() throws Exception {
    flow = new ToyFlow(root);
    String pretrain =
        "{\"mix\": {\"words\": 1}, \"steps\": 1, \"rows\": 1, \"learningRate\": 1e-9}";
    RecordedEvents events = new RecordedEvents();
    Stages.run(flow.spec(StageKind.PRETRAIN, pretrain, "base", null), events);
    flow.inputs.put("checkpoint", events.checkpointAt(1));
    flow.inputs.put("weak", events.checkpointAt(1));
  }

  private StageResult run(int longest, RecordedEvents events) throws Exception {
    String parameters = DPO.replace("LONGEST", "" + longest);
    return Stages.run(flow.spec(StageKind.DPO, parameters, "dpo", null), events);
  }

  @Test
  void pairsThatWouldNotFitTheContextAreLeftOutAndCounted() throws Exception {
    RecordedEvents events = new RecordedEvents();
    assertThat(run(16, events)).isInstanceOf(Done.class);

    List<Preference> pairs =
        JsonLines.readAll(root.resolve("dpo/preferences/preferences.jsonl"), Preference.class);
    assertThat(pairs.size()).isBetween(2, 48);
    assertThat(pairs).anyMatch(pair -> pair.rejected().contains("\uFFFD"));
    assertThat(
            PreferenceScorer.sequences(
                new Asker(flow.tokenizer, ChatTemplate.flows(flow.tokenizer)), pairs))
        .allMatch(sequence -> sequence.length() <= ToyFlow.MODEL.context());
    assertThat(events.lines)
        .contains(
            "warning: %d of 50 pairs do not fit the context of 48 tokens and are left out"
                .formatted(50 - pairs.size()),
            "warning: %d of 50 wanted pairs: the weak checkpoint answered 0 of 50 prompts right"
                .formatted(pairs.size()));
  }

  @Test
  void aStageWithoutPairsThatFitSaysWhatToDo() throws Exception {
    Path prompts = Files.createDirectories(root.resolve("long prompts"));
    String question = "x".repeat(25);
    Prompt.writeAll(
        prompts,
        Stream.of("a", "b", "c")
            .map(id -> new Prompt(id, "digits", PromptForm.CHAT, question, "5", "answer 5", null)));
    flow.inputs.put("prompts", prompts);
    assertThatThrownBy(() -> run(2, new RecordedEvents()))
        .isInstanceOf(StageFailure.class)
        .hasMessage(
            "Only 0 of 3 pairs fit the context of 48 tokens: lower maxNewTokens, or give shorter prompts");
  }
}
