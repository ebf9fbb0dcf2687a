package dev.modelflow.engine.evaluate;

import dev.modelflow.engine.generate.Continuation;
import dev.modelflow.engine.generate.Generator;
import dev.modelflow.engine.generate.Request;
import dev.modelflow.engine.question.Asker;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptForm;
import dev.modelflow.text.Verifier.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Asks held-out questions, greedily, and counts right answers and answers in the asked form. */
public final class Questions {
  private final Generator generator;
  private final Asker asker;
  private final int longest;

  /**
   * Asks by this generator.
   *
   * @param longest most tokens of an answer
   */
  public Questions(Generator generator, Asker asker, int longest) {
    this.generator = generator;
    this.asker = asker;
    this.longest = longest;
  }

  /**
   * The questions to ask: of each task the first ones.
   *
   * @param maths most questions of a task that is no needle; 0: none
   * @param needles most needles of a context; 0: none
   */
  public static Map<String, List<Prompt>> byTask(List<Prompt> all, int maths, int needles) {
    Map<String, List<Prompt>> tasks = new LinkedHashMap<>();
    for (Prompt prompt : all) {
      int most = prompt.context() == null ? maths : needles;
      List<Prompt> task = tasks.computeIfAbsent(task(prompt), any -> new ArrayList<>());
      if (task.size() < most) {
        task.add(prompt);
      }
    }
    tasks.values().removeIf(List::isEmpty);
    return tasks;
  }

  /** Needles of old and new context are tasks of their own. */
  private static String task(Prompt prompt) {
    return prompt.context() == null
        ? prompt.family()
        : "needles-" + prompt.context().name().toLowerCase(Locale.ROOT);
  }

  /**
   * A share of the answers.
   *
   * @param outcomes 1 or 0 for each question, in their order
   */
  public record Share(Score score, List<Double> outcomes) {
    private static Share of(String task, String metric, Stream<Boolean> answers) {
      double[] outcomes = answers.mapToDouble(yes -> yes ? 1 : 0).toArray();
      return new Share(
          Estimate.mean(outcomes).score(task, metric, true),
          DoubleStream.of(outcomes).boxed().toList());
    }
  }

  /** Accuracy, and for conversations the share of answers in the asked form. */
  public List<Share> ask(String task, List<Prompt> prompts) {
    List<Verdict> verdicts = verdicts(prompts);
    List<Share> shares = new ArrayList<>();
    shares.add(Share.of(task, "accuracy", verdicts.stream().map(Verdict::correct)));
    if (prompts.getFirst().form() == PromptForm.CHAT) {
      shares.add(Share.of(task, "form", verdicts.stream().map(Verdict::formed)));
    }
    return shares;
  }

  /** Prompts of similar length are answered together, so that little is padding. */
  private List<Verdict> verdicts(List<Prompt> prompts) {
    List<Request> requests = prompts.stream().map(asker::greedy).toList();
    List<Integer> order =
        IntStream.range(0, requests.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> requests.get(i).length()))
            .toList();
    List<List<Continuation>> said =
        generator.generate(order.stream().map(requests::get).toList(), 0, longest);
    Verdict[] verdicts = new Verdict[order.size()];
    for (int i = 0; i < verdicts.length; i++) {
      int place = order.get(i);
      verdicts[place] = asker.verdict(prompts.get(place), said.get(i).getFirst());
    }
    return List.of(verdicts);
  }
}
