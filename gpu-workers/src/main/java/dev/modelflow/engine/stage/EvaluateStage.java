package dev.modelflow.engine.stage;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.evaluate.Estimate;
import dev.modelflow.engine.evaluate.HeldOutText;
import dev.modelflow.engine.evaluate.LongQuestions;
import dev.modelflow.engine.evaluate.Questions;
import dev.modelflow.engine.evaluate.Score;
import dev.modelflow.engine.generate.Generator;
import dev.modelflow.engine.learn.Scorer;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.preference.Preference;
import dev.modelflow.engine.preference.PreferenceScorer;
import dev.modelflow.engine.preference.PreferenceScorer.Scores;
import dev.modelflow.engine.question.Asker;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageResult.Output;
import dev.modelflow.engine.stage.StageResult.Stopped;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.JsonLines;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.TokenSet;
import dev.modelflow.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/** Measures a checkpoint on what no training stage has seen. */
final class EvaluateStage {
  private static final String HELD_OUT = "held-out.";

  private final StageSpec spec;
  private final StageEvents events;
  private final ModelConfig model;
  private final Scorer scorer;
  private final Generator generator;
  private final Asker asker;
  private final EvaluationFiles files = new EvaluationFiles();

  private EvaluateStage(
      StageSpec spec,
      StageEvents events,
      Decoder decoder,
      Parameters weights,
      Lanes lanes,
      Asker asker) {
    this.spec = spec;
    this.events = events;
    model = decoder.config();
    scorer = new Scorer(decoder, weights, lanes);
    generator = new Generator(decoder, weights, lanes);
    this.asker = asker;
  }

  static StageResult run(StageSpec spec, StageEvents events) throws IOException {
    CheckpointFolder checkpoint = new CheckpointFolder(spec.input("checkpoint"), events);
    ModelConfig model = checkpoint.model();
    Tokenizer tokenizer = Vocabulary.requireFits(checkpoint.path(), model);
    int longest = spec.settings().integer("maxNewTokens", 1);
    Asker asker = new Asker(tokenizer, ChatTemplate.of(checkpoint.path(), tokenizer));
    // Also for questions beyond the context: a model is asked them before it was extended, too.
    int positions =
        tasks(spec).values().stream()
            .flatMap(List::stream)
            .mapToInt(prompt -> asker.prompt(prompt).length + longest)
            .max()
            .orElse(0);
    try (Lanes lanes = new Lanes(spec.threads(), events);
        Parameters weights = new Parameters(new ParameterLayout(model));
        Decoder decoder =
            new Decoder(model, Math.max(model.context(), positions), Precision.FLOAT32, events)) {
      checkpoint.readWeights(weights);
      return new EvaluateStage(spec, events, decoder, weights, lanes, asker).run();
    }
  }

  private static Map<String, List<Prompt>> tasks(StageSpec spec) {
    return Questions.byTask(
        spec.optionalInput("questions").map(Prompt::readAll).orElse(List.of()),
        spec.settings().integer("mathsQuestions", 0),
        spec.settings().integer("needleQuestions", 0));
  }

  private StageResult run() throws IOException {
    Settings settings = spec.settings();
    events.started(0, 1);
    int longest = settings.integer("maxNewTokens", 1);
    Map<String, List<Prompt>> tasks = tasks(spec);
    LongQuestions.warning(tasks.values(), asker, longest, model.context())
        .ifPresent(sentence -> events.log("warning", sentence));
    heldOutText(settings.integer("heldOutTokens", 0));
    Questions questions = new Questions(generator, asker, longest);
    for (Map.Entry<String, List<Prompt>> task : tasks.entrySet()) {
      if (events.stopRequested()) {
        return new Stopped(0);
      }
      questions.ask(task.getKey(), task.getValue()).forEach(this::report);
    }
    preferences();
    Path folder = Files.createDirectories(spec.output().resolve("evaluation"));
    files.write(folder);
    events.progress(1, 1, 0, 0);
    Map<String, Object> properties = Map.of("scores", files.count());
    return new Done(Map.of("evaluation", new Output(ArtifactKind.EVALUATION, folder, properties)));
  }

  /** Each source alone, and all of them together as task {@code text}. */
  private void heldOutText(long most) throws IOException {
    Map<String, Path> sources = new TreeMap<>();
    spec.inputs()
        .forEach(
            (role, folder) -> {
              if (role.startsWith(HELD_OUT)) {
                sources.put(role.substring(HELD_OUT.length()), folder);
              }
            });
    if (most == 0 || sources.isEmpty()) {
      return;
    }
    // Pieces as long as before any extension, so that stages compare.
    int pieceLength = model.yarn() == null ? model.context() : model.yarn().originalContext();
    double[] bits = {};
    double[] unigramBits = {};
    double[] bytes = {};
    String tokenizer = Vocabulary.digest(spec.input("checkpoint"));
    for (Map.Entry<String, Path> source : sources.entrySet()) {
      try (TokenSet tokens = TokenSet.open(source.getValue())) {
        Vocabulary.requireMadeBy(tokenizer, source.getKey(), tokens);
        HeldOutText text = new HeldOutText(tokens, Math.ceilDiv(most, sources.size()));
        if (text.documents() > 0) {
          double[] some = text.bits(scorer, pieceLength);
          bitsPerByte("text-" + source.getKey(), some, text.unigramBits(), text.bytes());
          bits = joined(bits, some);
          unigramBits = joined(unigramBits, text.unigramBits());
          bytes = joined(bytes, text.bytes());
        }
      }
    }
    if (bytes.length > 0) {
      bitsPerByte("text", bits, unigramBits, bytes);
    }
  }

  private void bitsPerByte(String task, double[] bits, double[] unigramBits, double[] bytes) {
    Score score = Estimate.ratio(bits, bytes).score(task, "bitsPerByte", false);
    report(score);
    files.samples(
        score, DoubleStream.of(bits).boxed().toList(), DoubleStream.of(bytes).boxed().toList());
    report(Estimate.ratio(unigramBits, bytes).score(task, "unigramBitsPerByte", false));
  }

  private static double[] joined(double[] first, double[] second) {
    return DoubleStream.concat(DoubleStream.of(first), DoubleStream.of(second)).toArray();
  }

  /** The margin of pairs that were held out from preference training, where there are any. */
  private void preferences() {
    Path folder = spec.inputs().get("preferences");
    if (folder == null) {
      return;
    }
    List<Preference> pairs =
        JsonLines.readAll(folder.resolve(Preference.HELD_OUT_FILE), Preference.class);
    if (pairs.isEmpty()) {
      return;
    }
    List<Scores> scored =
        PreferenceScorer.score(scorer, PreferenceScorer.sequences(asker, pairs), model.context());
    double[] margins = scored.stream().mapToDouble(Scores::margin).toArray();
    double[] preferred = DoubleStream.of(margins).map(margin -> margin > 0 ? 1 : 0).toArray();
    report(Estimate.mean(margins).score("preferences", "margin", true));
    report(Estimate.mean(preferred).score("preferences", "accuracy", true));
  }

  private void report(Questions.Share share) {
    report(share.score());
    files.samples(
        share.score(), share.outcomes(), Collections.nCopies(share.outcomes().size(), 1.0));
  }

  private void report(Score score) {
    if (!Double.isFinite(score.value())) {
      throw new StageFailure(
          FailureClass.DATA,
          "The checkpoint's %s of task %s is %s: its weights make no sense any more; use an earlier one"
              .formatted(score.metric(), score.task(), score.value()));
    }
    files.add(score);
    events.evaluation(score);
  }
}
