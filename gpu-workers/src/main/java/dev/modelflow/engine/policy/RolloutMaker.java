package dev.modelflow.engine.policy;

import dev.modelflow.engine.data.PromptOrder;
import dev.modelflow.engine.generate.Continuation;
import dev.modelflow.engine.generate.Generator;
import dev.modelflow.engine.generate.Request;
import dev.modelflow.engine.policy.Rollout.Prompted;
import dev.modelflow.engine.question.Asker;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.text.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Answers a step's prompts in groups. Prompts, draws and coins are functions of seed and step, so a
 * step can be made again. Groups without spread teach nothing: fresh prompts replace them, for a
 * bounded number of rounds (active sampling).
 */
public final class RolloutMaker {
  /**
   * How rollouts are made.
   *
   * @param prompts groups that a step wants
   * @param group answers to each prompt
   * @param rounds times that prompts are asked at most
   * @param temperature of the drawing
   * @param longest most tokens of an answer
   */
  public record Plan(
      int prompts, int group, int rounds, double temperature, int longest, Reward reward) {}

  /** A step's groups: all that were asked, and those that teach. */
  public record Batch(List<Group> asked, List<Group> useful) {}

  private final Generator generator;
  private final Asker asker;
  private final List<Prompt> prompts;
  private final Plan plan;
  private final CounterRandom random;
  private final long seed;

  /** A maker that asks these prompts. */
  public RolloutMaker(
      Generator generator, Asker asker, List<Prompt> prompts, Plan plan, long seed) {
    this.generator = generator;
    this.asker = asker;
    this.prompts = List.copyOf(prompts);
    this.plan = plan;
    this.seed = seed;
    this.random = CounterRandom.of(seed, "rollouts");
  }

  /** The groups of this step under the generator's present weights. */
  public Batch make(int step) {
    int[] order = PromptOrder.at(seed, step, prompts.size());
    List<Group> asked = new ArrayList<>();
    List<Group> useful = new ArrayList<>();
    for (int round = 0; round < plan.rounds() && useful.size() < plan.prompts(); round++) {
      int from = asked.size();
      int to = Math.min(order.length, from + plan.prompts() - useful.size());
      for (Group group : ask(step, IntStream.range(from, to).map(i -> order[i]).toArray())) {
        asked.add(group);
        if (group.hasSpread()) {
          useful.add(group);
        }
      }
    }
    return new Batch(asked, useful);
  }

  private List<Group> ask(int step, int[] indices) {
    List<Request> requests = new ArrayList<>();
    for (int index : indices) {
      CounterRandom draws = random.at(step).at(index);
      requests.add(
          asker.sampled(
              prompts.get(index), IntStream.range(0, plan.group()).mapToObj(draws::at).toList()));
    }
    List<List<Continuation>> answers =
        generator.generate(requests, plan.temperature(), plan.longest());
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < indices.length; i++) {
      groups.add(group(step, prompts.get(indices[i]), answers.get(i)));
    }
    return groups;
  }

  private Group group(int step, Prompt prompt, List<Continuation> answers) {
    CounterRandom coins = CounterRandom.of(seed, "coin " + prompt.id()).at(step);
    List<Double> rewards = new ArrayList<>();
    int right = 0;
    for (int sample = 0; sample < answers.size(); sample++) {
      boolean correct = asker.verdict(prompt, answers.get(sample)).correct();
      right += correct ? 1 : 0;
      rewards.add(plan.reward().of(correct, coins, sample));
    }
    return new Group(
        new Prompted(asker.prompt(prompt)), answers, rewards, (double) right / answers.size());
  }
}
