package dev.modelflow.engine.stage;

import static dev.modelflow.engine.stage.GuardState.GRADIENT_NORM;

import dev.modelflow.engine.data.PackedAnswers;
import dev.modelflow.engine.data.PairOrder;
import dev.modelflow.engine.data.Seen;
import dev.modelflow.engine.data.SeenPairs;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.learn.Learner;
import dev.modelflow.engine.learn.MicroBatch;
import dev.modelflow.engine.preference.PreferenceObjective;
import dev.modelflow.engine.preference.PreferenceObjective.Outcome;
import dev.modelflow.engine.preference.PreferenceScorer.Scores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Steps of length-normalised DPO over pairs whose scores under the reference are known. */
final class PreferenceSteps implements StepMaker {
  private static final int PAIRS_AT_ONCE = 8;

  private final Session session;
  private final List<Sequence> sequences;
  private final List<Scores> reference;
  private final List<String> prompts;
  private final PairOrder order;
  private final double beta;
  private int passed;

  /**
   * Steps over these pairs.
   *
   * @param sequences two for each pair, the chosen answer's first
   * @param prompts the id of each pair's prompt
   */
  PreferenceSteps(
      Session session, List<Sequence> sequences, List<Scores> reference, List<String> prompts) {
    Settings settings = session.spec().settings();
    this.session = session;
    this.sequences = sequences;
    this.reference = reference;
    this.prompts = prompts;
    beta = settings.number("beta", 0);
    order =
        new PairOrder(session.spec().seed(), settings.integer("batchPairs", 1), reference.size());
  }

  /** No data is passed over: each step's pairs are a function of the step. */
  @Override
  public void skip(int steps) {
    passed = steps;
  }

  @Override
  public List<Seen> seen() {
    return List.of(new SeenPairs(0, passed, order.seed(), order.batch(), prompts));
  }

  @Override
  public StepBatch latest() {
    return StepBatch.of("the pair of prompt", order.at(passed).stream().map(prompts::get).toList());
  }

  @Override
  public Report make(int step, double rate) {
    List<Integer> chosen = order.at(step);
    passed = step;
    List<MicroBatch> batches = new ArrayList<>();
    List<PreferenceObjective> objectives = new ArrayList<>();
    long tokens = 0;
    int atOnce = session.atOnce(PAIRS_AT_ONCE, both(chosen), 2);
    for (int from = 0; from < chosen.size(); from += atOnce) {
      List<Integer> part = chosen.subList(from, Math.min(chosen.size(), from + atOnce));
      PackedAnswers answers = pack(part);
      PreferenceObjective objective =
          new PreferenceObjective(answers, references(part), beta, chosen.size());
      objectives.add(objective);
      batches.add(new MicroBatch(answers.rows(), objective));
      tokens += answers.rows().used();
    }
    Learner.Step made = session.step(batches, rate, () -> loss(objectives));
    Map<String, Double> values = new LinkedHashMap<>(session.expertLoad().values());
    values.putAll(values(objectives, made.gradientNorm()));
    return new Report(tokens, values, session.guard().count(made.taken()));
  }

  private PackedAnswers pack(List<Integer> pairs) {
    return PackedAnswers.of(both(pairs), session.rowLength());
  }

  /** The sequences of these pairs, two for each. */
  private List<Sequence> both(List<Integer> pairs) {
    List<Sequence> both = new ArrayList<>();
    for (int pair : pairs) {
      both.add(sequences.get(2 * pair));
      both.add(sequences.get(2 * pair + 1));
    }
    return both;
  }

  private double[] references(List<Integer> pairs) {
    double[] references = new double[2 * pairs.size()];
    for (int i = 0; i < pairs.size(); i++) {
      references[2 * i] = reference.get(pairs.get(i)).chosen();
      references[2 * i + 1] = reference.get(pairs.get(i)).rejected();
    }
    return references;
  }

  private static double loss(List<PreferenceObjective> objectives) {
    return objectives.stream().mapToDouble(objective -> objective.outcome().loss()).sum();
  }

  private Map<String, Double> values(List<PreferenceObjective> objectives, double norm) {
    List<Outcome> outcomes = objectives.stream().map(PreferenceObjective::outcome).toList();
    double[] sums =
        session
            .ranks()
            .sum(
                loss(objectives),
                outcomes.stream().mapToDouble(Outcome::margin).sum(),
                outcomes.stream().mapToDouble(Outcome::accuracy).sum());
    return Map.of("loss", sums[0], "margin", sums[1], "accuracy", sums[2], GRADIENT_NORM, norm);
  }
}
