package dev.modelflow.synthesize;

import dev.modelflow.synthesize.SynthesizeParameters.Needles;
import dev.modelflow.text.Conversation;
import dev.modelflow.text.Message;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptContext;
import dev.modelflow.text.PromptForm;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Conversations and prompts to train with, and the held-out questions of the evaluations. */
final class Asking {
  private final long seed;
  private final SynthesizeParameters parameters;

  Asking(long seed, SynthesizeParameters parameters) {
    this.seed = seed;
    this.parameters = parameters;
  }

  Stream<Conversation> conversations() {
    return IntStream.range(0, parameters.conversations())
        .mapToObj(
            i -> {
              WordProblem problem = problem("conversations", i, false);
              return new Conversation(
                  id("conversations", i),
                  List.of(Message.user(problem.question()), Message.assistant(problem.reply())));
            });
  }

  Stream<Prompt> prompts() {
    return IntStream.range(0, parameters.prompts())
        .mapToObj(i -> chat("prompts", i, "chat-problems", false));
  }

  /** Families {@code sums}, {@code problems}, {@code chat-problems} and {@code needles}. */
  Stream<Prompt> questions() {
    SynthesizeParameters.Questions counts = parameters.questions();
    return Stream.of(
            IntStream.range(0, counts.sums()).mapToObj(this::sum),
            IntStream.range(0, counts.problems()).mapToObj(this::completion),
            IntStream.range(0, counts.problems())
                .mapToObj(i -> chat("chat-questions", i, "chat-problems", true)),
            needles(counts.needles(), parameters.needles(), PromptContext.OLD),
            needles(counts.longNeedles(), parameters.longNeedles(), PromptContext.NEW))
        .flatMap(stream -> stream);
  }

  private Prompt sum(int item) {
    Draws draws = Draws.of(seed, "sum-questions", item);
    Problem problem = Problem.draw(draws, parameters.heldOut(), true);
    return new Prompt(
        id("sum-questions", item),
        "sums",
        PromptForm.COMPLETION,
        problem.left(),
        problem.right(),
        null,
        null);
  }

  private Prompt completion(int item) {
    WordProblem problem = problem("problem-questions", item, true);
    return new Prompt(
        id("problem-questions", item),
        "problems",
        PromptForm.COMPLETION,
        problem.question() + "\n",
        problem.problem().work(),
        null,
        null);
  }

  private Prompt chat(String series, int item, String family, boolean heldOut) {
    WordProblem problem = problem(series, item, heldOut);
    return new Prompt(
        id(series, item),
        family,
        PromptForm.CHAT,
        problem.question(),
        String.valueOf(problem.problem().sum()),
        problem.reply(),
        null);
  }

  private Stream<Prompt> needles(int count, Needles needles, PromptContext context) {
    String series = context == PromptContext.OLD ? "needle-questions" : "long-needle-questions";
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              Draws draws = Draws.of(seed, series, i);
              NeedleText text = NeedleText.draw(draws, needles.lines(), needles.longest());
              // One of the first half, which is the harder to reach.
              NeedleText.Fact asked = text.facts().get(draws.below((needles.lines() + 1) / 2));
              return new Prompt(
                  id(series, i),
                  "needles",
                  PromptForm.COMPLETION,
                  text.body() + asked.question(),
                  asked.value(),
                  null,
                  context);
            });
  }

  private WordProblem problem(String series, int item, boolean heldOut) {
    return WordProblem.draw(Draws.of(seed, series, item), parameters.heldOut(), heldOut);
  }

  private static String id(String series, int item) {
    return "%s:%07d".formatted(series, item);
  }
}
