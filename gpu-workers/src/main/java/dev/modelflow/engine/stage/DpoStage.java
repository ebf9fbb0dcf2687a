package dev.modelflow.engine.stage;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.evaluate.Estimate;
import dev.modelflow.engine.learn.Scorer;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.optim.LearningRate;
import dev.modelflow.engine.preference.Preference;
import dev.modelflow.engine.preference.PreferenceScorer;
import dev.modelflow.engine.preference.PreferenceScorer.Scores;
import dev.modelflow.engine.question.Asker;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageResult.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Preference training on delta pairs: the chosen answer is the prompt's verified solution, the
 * rejected one is what a weak checkpoint really said and the verifier refused. The pairs are an
 * output of the stage; some of them are held out to measure the margin. The reference is the
 * checkpoint the stage began with, scored once.
 */
final class DpoStage {
  private final StageSpec spec;
  private final Session session;
  private final StageEvents events;

  private DpoStage(Session session, StageEvents events) {
    this.spec = session.spec();
    this.session = session;
    this.events = events;
  }

  static StageResult run(StageSpec spec, StageEvents events) throws IOException {
    try (Session session = new Session(spec, events)) {
      return new DpoStage(session, events).run();
    }
  }

  private StageResult run() throws IOException {
    LearningRate rate = Schedules.of(spec.settings());
    Pairs pairs = new Pairs();
    StageResult result = new TrainingLoop(session, events, rate).run(() -> steps(pairs));
    if (!(result instanceof Done done)) {
      return result;
    }
    int training = pairs.training;
    List<Sequence> sequences = pairs.sequences;
    measure(
        sequences.subList(2 * training, sequences.size()),
        pairs.reference.subList(training, pairs.reference.size()));
    return withPreferences(done, training, pairs.reference.size() - training);
  }

  /** What is known once the weak checkpoint has answered. */
  private static final class Pairs {
    /** Two for each pair, the chosen answer's first; the pairs to learn from come first. */
    private List<Sequence> sequences = List.of();

    private List<Scores> reference = List.of();
    private int training;
  }

  private StepMaker steps(Pairs pairs) throws IOException {
    Settings settings = spec.settings();
    Asker asker = session.asker();
    int wanted = settings.integer("pairs", 1);
    int heldOut = settings.integer("heldOutPairs", 0);
    List<Preference> all = new PairMaker(session, asker, events).make(wanted + heldOut);
    int training = StagePairs.trainingOf(all.size(), heldOut);
    StagePairs.write(folder(), all.subList(0, training), all.subList(training, all.size()));
    pairs.training = training;
    pairs.sequences = PreferenceScorer.sequences(asker, all);
    // There are none when a stop was asked for, and then no step follows either.
    pairs.reference = all.isEmpty() ? List.of() : referenceScores(pairs.sequences);
    return new PreferenceSteps(
        session,
        pairs.sequences.subList(0, 2 * training),
        pairs.reference.subList(0, training),
        all.subList(0, training).stream().map(Preference::id).toList());
  }

  private List<Scores> referenceScores(List<Sequence> sequences) throws IOException {
    try (Parameters weights = new Parameters(new ParameterLayout(session.model()))) {
      new CheckpointFolder(spec.input("checkpoint"), events).readWeights(weights);
      return score(weights, sequences);
    }
  }

  private List<Scores> score(Parameters weights, List<Sequence> sequences) {
    Scorer scorer = new Scorer(session.decoder(), weights, session.lanes());
    return PreferenceScorer.score(scorer, sequences, session.rowLength());
  }

  /** How the margin of held-out pairs grew over the reference. */
  private void measure(List<Sequence> sequences, List<Scores> before) {
    if (before.size() < 2) {
      return;
    }
    List<Scores> after = score(session.parameters(), sequences);
    double[] grown = new double[before.size()];
    for (int i = 0; i < grown.length; i++) {
      grown[i] = after.get(i).margin() - before.get(i).margin();
    }
    report("marginBefore", Estimate.mean(before.stream().mapToDouble(Scores::margin).toArray()));
    report("margin", Estimate.mean(after.stream().mapToDouble(Scores::margin).toArray()));
    report("marginGrowth", Estimate.mean(grown));
  }

  private void report(String metric, Estimate estimate) {
    events.evaluation(estimate.score("preferences", metric, true));
  }

  private Path folder() {
    return spec.output().resolve("preferences");
  }

  private Done withPreferences(Done done, int learnt, int kept) {
    Map<String, Output> outputs = new LinkedHashMap<>(done.outputs());
    Map<String, Object> properties = Map.of("pairs", learnt, "heldOutPairs", kept);
    outputs.put("preferences", new Output(ArtifactKind.PREFERENCE_SET, folder(), properties));
    return new Done(outputs);
  }
}
