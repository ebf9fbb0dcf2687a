package dev.modelflow.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.generate.Generator;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.question.Asker;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptForm;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuestionsTest {
  private static final ModelConfig MODEL = new ModelConfig(2, 16, 2, 24, 260, 48, 8, 10_000, null);
  private static final int LONGEST = 4;

  private final Lanes lanes = new Lanes(1);
  private final Parameters weights =
      Parameters.initialized(new ParameterLayout(MODEL), new Initialization(0.5, 0.3, 0.5), 3);
  private final Decoder decoder = new Decoder(MODEL, 48);
  private final Generator generator = new Generator(decoder, weights, lanes);
  private final Tokenizer tokenizer = TokenizerTrainer.train(new WordCounts(), 260);
  private final Asker asker = new Asker(tokenizer, ChatTemplate.flows(tokenizer));

  @AfterEach
  void free() {
    decoder.close();
    weights.close();
    lanes.close();
  }

  private static Prompt prompt(String text, String answer) {
    return new Prompt(text, "digits", PromptForm.COMPLETION, text, answer, null, null);
  }

  /** The prompt with what the model says to it as the answer. */
  private Prompt answered(String text) {
    var said = generator.generate(List.of(asker.greedy(prompt(text, "?"))), 0, LONGEST);
    String first = asker.text(said.getFirst().getFirst()).lines().findFirst().orElse("");
    return prompt(text, first.strip());
  }

  /** Also where they are answered in the order of their tokens. */
  @Test
  void outcomesStandInTheOrderOfTheQuestions() {
    Questions questions = new Questions(generator, asker, LONGEST);
    List<Prompt> asked =
        List.of(
            answered("123456789"), prompt("12", "never"), answered("1234"), prompt("1", "never"));

    assertThat(questions.ask("digits", asked).getFirst().outcomes())
        .containsExactly(1.0, 0.0, 1.0, 0.0);
  }
}
