package dev.modelflow.engine.evaluate;

import dev.modelflow.engine.question.Asker;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptContext;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Questions that are longer than what a model reads. Needles for the context after its extension
 * are to be: a model before it shows what the extension has brought.
 */
public final class LongQuestions {
  private LongQuestions() {}

  /**
   * A sentence about those that should fit and do not; empty where there are none.
   *
   * @param longest most tokens of an answer
   * @param context most tokens that the model was made to read
   */
  public static Optional<String> warning(
      Collection<List<Prompt>> tasks, Asker asker, int longest, int context) {
    List<Prompt> asked =
        tasks.stream()
            .flatMap(List::stream)
            .filter(prompt -> prompt.context() != PromptContext.NEW)
            .toList();
    List<Prompt> over =
        asked.stream().filter(prompt -> !asker.fits(prompt, longest, context)).toList();
    return over.stream()
        .findFirst()
        .map(
            first ->
                "%d of %d questions with an answer of up to %d tokens do not fit the model's context of %d, the first '%s' with %d: they are asked all the same, beyond the positions that it was trained on; leave them out, lower maxNewTokens or extend the context"
                    .formatted(
                        over.size(),
                        asked.size(),
                        longest,
                        context,
                        first.id(),
                        asker.prompt(first).length));
  }
}
