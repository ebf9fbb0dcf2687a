package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.data.PackedAnswers;
import dev.modelflow.engine.data.PromptOrder;
import dev.modelflow.engine.data.Seen;
import dev.modelflow.engine.data.SeenPrompts;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.generate.Continuation;
import dev.modelflow.engine.generate.Generator;
import dev.modelflow.engine.learn.Learner;
import dev.modelflow.engine.learn.MicroBatch;
import dev.modelflow.engine.policy.Group;
import dev.modelflow.engine.policy.PolicyGradient;
import dev.modelflow.engine.policy.PolicyObjective;
import dev.modelflow.engine.policy.PolicyObjective.Sums;
import dev.modelflow.engine.policy.Reward;
import dev.modelflow.engine.policy.Rollout;
import dev.modelflow.engine.policy.RolloutMaker;
import dev.modelflow.engine.policy.RolloutMaker.Batch;
import dev.modelflow.engine.policy.RolloutMaker.Plan;
import dev.modelflow.engine.question.Asker;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Steps of reinforcement learning: ask, judge, and learn from the groups that have spread. */
final class PolicySteps implements StepMaker {
  private static final int ROLLOUTS_AT_ONCE = 32;

  private final Session session;
  private final RolloutMaker maker;
  private final PolicyGradient loss;
  private final double temperature;
  private final List<Prompt> prompts;
  private final List<Integer> asked = new ArrayList<>();
  private int passed;

  PolicySteps(Session session) {
    Settings settings = session.spec().settings();
    this.session = session;
    temperature = settings.number("temperature", 0.01);
    loss =
        new PolicyGradient(
            settings.number("clipLow", 0),
            settings.number("clipHigh", 0),
            settings.number("importanceCap", 0));
    Plan plan =
        new Plan(
            settings.integer("promptsPerStep", 1),
            settings.integer("groupSize", 2),
            settings.integer("samplingRounds", 1),
            temperature,
            settings.integer("maxNewTokens", 1),
            settings.choice("reward", Reward.class));
    prompts = prompts(session.spec());
    Asker asker = session.asker();
    asker.requireFit(prompts, plan.longest(), session.decoder().positions());
    maker =
        new RolloutMaker(
            new Generator(
                session.decoder(), session.parameters(), session.lanes(), session.ranks()),
            asker,
            prompts,
            plan,
            session.spec().seed());
  }

  private static List<Prompt> prompts(StageSpec spec) {
    List<Prompt> prompts = Prompt.readAll(spec.input("prompts"), PromptForm.CHAT);
    if (prompts.isEmpty()) {
      throw new StageFailure(
          FailureClass.DATA, "The prompt set has no prompt in chat form: make some");
    }
    return prompts;
  }

  /** No data is passed over: each step's order of prompts is its own. */
  @Override
  public void skip(int steps) {
    passed = steps;
  }

  @Override
  public List<Seen> seen() {
    return List.of(new SeenPrompts(passed, session.spec().seed(), prompts.size(), asked));
  }

  @Override
  public StepBatch latest() {
    int[] order = PromptOrder.at(session.spec().seed(), passed + asked.size(), prompts.size());
    return StepBatch.of(
        "prompt",
        Arrays.stream(order).limit(asked.getLast()).mapToObj(i -> prompts.get(i).id()).toList());
  }

  @Override
  public Report make(int step, double rate) {
    Batch batch = maker.make(step);
    asked.add(batch.asked().size());
    List<Rollout> rollouts =
        batch.useful().stream().flatMap(group -> group.rollouts().stream()).toList();
    Map<String, Double> values = new LinkedHashMap<>(describe(batch));
    if (rollouts.isEmpty()) {
      return new Report(0, values, Map.of());
    }
    int tokens = rollouts.stream().mapToInt(rollout -> rollout.answer().tokens().length).sum();
    List<PolicyObjective> objectives = new ArrayList<>();
    List<MicroBatch> parts = new ArrayList<>();
    long read = 0;
    int atOnce = session.atOnce(ROLLOUTS_AT_ONCE, sequences(rollouts), 1);
    for (int from = 0; from < rollouts.size(); from += atOnce) {
      List<Rollout> part = rollouts.subList(from, Math.min(rollouts.size(), from + atOnce));
      PackedAnswers answers = PackedAnswers.of(sequences(part), session.rowLength());
      PolicyObjective objective = new PolicyObjective(loss, answers, part, tokens);
      objectives.add(objective);
      parts.add(new MicroBatch(answers.rows(), objective, 0, temperature));
      read += answers.rows().used();
    }
    Learner.Step made = session.step(parts, rate, () -> sums(objectives).loss() / tokens);
    values.put(GuardState.GRADIENT_NORM, made.gradientNorm());
    values.putAll(means(sums(objectives), tokens));
    values.putAll(session.expertLoad().values());
    return new Report(read, values, session.guard().count(made.taken()));
  }

  private static List<Sequence> sequences(List<Rollout> rollouts) {
    return rollouts.stream().map(Rollout::sequence).toList();
  }

  private static Map<String, Double> describe(Batch batch) {
    List<Group> asked = batch.asked();
    List<Continuation> answers = asked.stream().flatMap(group -> group.answers().stream()).toList();
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(
        "reward",
        asked.stream()
            .flatMap(group -> group.rewards().stream())
            .mapToDouble(x -> x)
            .average()
            .orElse(0));
    values.put("passRate", asked.stream().mapToDouble(Group::passRate).average().orElse(0));
    values.put("groups", (double) batch.useful().size());
    values.put("droppedGroups", (double) (asked.size() - batch.useful().size()));
    values.put(
        "responseLength",
        answers.stream().mapToInt(answer -> answer.tokens().length).average().orElse(0));
    values.put(
        "logProb",
        answers.stream().flatMapToDouble(answer -> doubles(answer.logProbs())).average().orElse(0));
    values.put("endedShare", answers.stream().mapToInt(a -> a.ended() ? 1 : 0).average().orElse(0));
    return values;
  }

  private static DoubleStream doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
  }

  private static Sums sums(List<PolicyObjective> objectives) {
    return objectives.stream().map(PolicyObjective::sums).reduce(Sums.NONE, Sums::plus);
  }

  private Map<String, Double> means(Sums own, int tokens) {
    double[] sums = session.ranks().sum(own.loss(), own.weight(), own.distance());
    return Map.of(
        "loss", sums[0] / tokens,
        "importanceWeight", sums[1] / tokens,
        "samplerDistance", sums[2] / tokens);
  }
}
