package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.generate.Continuation;
import dev.modelflow.engine.generate.Generator;
import dev.modelflow.engine.generate.Request;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.preference.Preference;
import dev.modelflow.engine.preference.PreferenceScorer;
import dev.modelflow.engine.question.Asker;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptForm;
import dev.modelflow.text.TemplateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lets the weak checkpoint answer prompts and keeps the answers that are wrong. */
final class PairMaker {
  private static final int PROMPTS_AT_ONCE = 128;

  private final Session session;
  private final Asker asker;
  private final StageEvents events;
  private int tooLong;

  /** A maker for this session. */
  PairMaker(Session session, Asker asker, StageEvents events) {
    this.session = session;
    this.asker = asker;
    this.events = events;
  }

  /**
   * The first {@code wanted} pairs in a random order of the prompts, or all that there are; none
   * when a stop is asked for.
   */
  List<Preference> make(int wanted) throws IOException {
    StageSpec spec = session.spec();
    requireSameChats(spec.input("checkpoint"), spec.input("weak"));
    List<Prompt> prompts = answerable(spec);
    int longest = spec.settings().integer("maxNewTokens", 1);
    CheckpointFolder weak = new CheckpointFolder(spec.input("weak"), events);
    ModelConfig model = weak.model();
    int context = Math.max(model.context(), session.model().context());
    asker.requireFit(prompts, longest, context);
    Map<String, Preference> pairs = new LinkedHashMap<>();
    int asked = 0;
    try (Parameters weights = new Parameters(new ParameterLayout(model));
        Decoder decoder = new Decoder(model, context, Precision.FLOAT32, events)) {
      weak.readWeights(weights);
      Generator generator = new Generator(decoder, weights, session.lanes(), session.ranks());
      while (asked < prompts.size() && pairs.size() < wanted && !events.stopRequested()) {
        List<Prompt> some =
            prompts.subList(asked, Math.min(prompts.size(), asked + PROMPTS_AT_ONCE));
        asked += some.size();
        for (Preference pair : wrong(some, generator, longest)) {
          pairs.put(pair.id(), pair);
        }
      }
    }
    if (events.stopRequested()) {
      return List.of();
    }
    report(pairs.size(), wanted, asked);
    return pairs.values().stream().limit(wanted).toList();
  }

  /** It is asked in the checkpoint's template; in one that it never saw, all would be wrong. */
  private static void requireSameChats(Path checkpoint, Path weak) {
    if (!TemplateFile.same(checkpoint, weak)) {
      Path own = TemplateFile.source(checkpoint);
      throw new StageFailure(
          FailureClass.RECIPE,
          "The weak checkpoint writes conversations otherwise than the checkpoint that learns, by %s: use two with the same chat template"
              .formatted((Files.exists(own) ? own : TemplateFile.source(weak)).getFileName()));
    }
  }

  /** Prompts with a solution, put as conversations, in random order. */
  private List<Prompt> answerable(StageSpec spec) {
    List<Prompt> all =
        Prompt.readAll(spec.input("prompts")).stream()
            .filter(prompt -> prompt.form() == PromptForm.CHAT && prompt.solution() != null)
            .toList();
    List<Prompt> shuffled = new ArrayList<>();
    for (int index : CounterRandom.of(spec.seed(), "prompts").permutation(all.size())) {
      shuffled.add(all.get(index));
    }
    return shuffled;
  }

  private List<Preference> wrong(List<Prompt> prompts, Generator generator, int longest) {
    long seed = session.spec().seed();
    List<Request> requests =
        prompts.stream()
            .map(
                prompt ->
                    asker.sampled(
                        prompt, List.of(CounterRandom.of(seed, "rejected " + prompt.id()))))
            .toList();
    List<List<Continuation>> said = generator.generate(requests, 1, longest);
    List<Preference> pairs = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      Prompt prompt = prompts.get(i);
      Continuation answer = said.get(i).getFirst();
      String solution = prompt.solution();
      if (solution != null && !asker.verdict(prompt, answer).correct()) {
        Preference pair =
            new Preference(
                prompt.id(), prompt.prompt(), solution, asker.text(answer), answer.ended());
        if (fits(pair)) {
          pairs.add(pair);
        } else {
          tooLong++;
        }
      }
    }
    return pairs;
  }

  /**
   * An answer that is no UTF-8 grows when its text is encoded again, since what could not be read
   * stands there as U+FFFD; and a solution may be longer than any answer.
   */
  private boolean fits(Preference pair) {
    return PreferenceScorer.sequences(asker, List.of(pair)).stream()
        .allMatch(sequence -> sequence.length() <= session.model().context());
  }

  private void report(int made, int wanted, int asked) {
    int context = session.model().context();
    if (made < 2 && tooLong > 0) {
      throw new StageFailure(
          FailureClass.RECIPE,
          "Only %d of %d pairs fit the context of %d tokens: lower maxNewTokens, or give shorter prompts"
              .formatted(made, made + tooLong, context));
    }
    if (tooLong > 0) {
      events.log(
          "warning",
          "%d of %d pairs do not fit the context of %d tokens and are left out"
              .formatted(tooLong, made + tooLong, context));
    }
    if (made < 2) {
      throw new StageFailure(
          FailureClass.RECIPE,
          "Only %d of %d prompts got a wrong answer from the weak checkpoint: choose an earlier one"
              .formatted(made, asked));
    }
    if (made < wanted) {
      events.log(
          "warning",
          "%d of %d wanted pairs: the weak checkpoint answered %d of %d prompts right"
              .formatted(made, wanted, asked - made - tooLong, asked));
    } else {
      events.log(
          "info",
          "The weak checkpoint answered %d prompts, %d wrong".formatted(asked, made + tooLong));
    }
  }
}
