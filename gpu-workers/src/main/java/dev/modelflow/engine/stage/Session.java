package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.data.PackedAnswers;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.learn.ExpertLoad;
import dev.modelflow.engine.learn.Learner;
import dev.modelflow.engine.learn.MicroBatch;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.optim.AdamW;
import dev.modelflow.engine.question.Asker;
import dev.modelflow.engine.ranks.Ranks;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.SignOfLife;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The model, its optimizer and the threads of one training stage; close it to free their memory.
 */
final class Session implements AutoCloseable {
  /** Stages that go on with the moments of the stage before, as Olmo 3 does. */
  static final Set<StageKind> KEEP_MOMENTS = EnumSet.of(StageKind.MIDTRAIN, StageKind.LONG_CONTEXT);

  private final StageSpec spec;
  private final SignOfLife sign;
  private final Owned owned = new Owned();
  private final @Nullable CheckpointFolder start;
  private final Lanes lanes;
  private final ModelConfig model;
  private final Decoder decoder;
  private final Parameters parameters;
  private final AdamW optimizer;
  private final Snapshot snapshot;
  private final Learner learner;
  private final StepGuard guard;

  /**
   * Builds the model at the stage's start, or where the attempt before left it.
   *
   * @param sign is given while it is built, and while its lanes work
   */
  Session(StageSpec spec, SignOfLife sign) throws IOException {
    this.spec = spec;
    this.sign = sign;
    start = startOf(spec);
    model = modelOf(spec, start);
    guard = StepGuard.of(spec.settings());
    try {
      lanes = new Lanes(spec.threads(), sign);
      owned.add(lanes, lanes::close);
      decoder = new Decoder(model, model.context(), spec.settings().precision(), sign);
      owned.add(decoder, decoder::close);
      parameters = new Parameters(new ParameterLayout(model));
      owned.add(parameters, parameters::close);
      sign.goesOn();
      optimizer = new AdamW(optimizerSettings(spec.settings()), parameters, spec.ranks());
      owned.add(optimizer, optimizer::close);
      snapshot = new Snapshot(parameters, optimizer);
      owned.add(snapshot, snapshot::close);
      sign.goesOn();
      learner = learner();
      owned.add(learner, learner::close);
      begin();
    } catch (IOException | RuntimeException | Error e) {
      owned.close();
      throw e;
    }
  }

  private Learner learner() {
    Settings settings = spec.settings();
    return new Learner(
        decoder,
        parameters,
        optimizer,
        lanes,
        settings.number("gradientClip", 0),
        settings.flag("activationCheckpointing", false));
  }

  private void begin() throws IOException {
    if (start == null) {
      parameters.initialize(initialization(spec.settings()), spec.seed(), spec.threads(), sign);
    } else {
      read(new CheckpointFolder(start.path(), sign));
    }
  }

  static @Nullable CheckpointFolder startOf(StageSpec spec) {
    if (spec.resume() != null) {
      return new CheckpointFolder(spec.resume().checkpoint());
    }
    return spec.kind() == StageKind.PRETRAIN
        ? null
        : new CheckpointFolder(spec.input("checkpoint"));
  }

  static ModelConfig modelOf(StageSpec spec, @Nullable CheckpointFolder start) throws IOException {
    if (start == null) {
      return spec.model();
    }
    boolean extend = spec.kind() == StageKind.LONG_CONTEXT && spec.resume() == null;
    return extend
        ? start.model().extended(spec.settings().integer("contextFactor", 1))
        : start.model();
  }

  private void read(CheckpointFolder checkpoint) throws IOException {
    checkpoint.readWeights(parameters);
    if (spec.resume() != null) {
      assertResume(spec, checkpoint, spec.resume().step());
      requireMoments(checkpoint);
      checkpoint.readOptimizer(optimizer);
      guard.restore(checkpoint.state());
    } else if (KEEP_MOMENTS.contains(spec.kind()) && checkpoint.hasOptimizer()) {
      checkpoint.readOptimizer(optimizer);
    }
  }

  private void requireMoments(CheckpointFolder checkpoint) {
    if (!checkpoint.hasOptimizer()) {
      throw new StageFailure(
          FailureClass.RECIPE,
          "The checkpoint of %s has no optimizer's moments: only the trainer that made it can go on with the stage; begin the stage anew, or leave 'trainer' as it was"
              .formatted(spec.stage()));
    }
  }

  static void assertResume(StageSpec spec, CheckpointFolder checkpoint, int step)
      throws IOException {
    ObjectNode state = checkpoint.state();
    boolean same =
        state.path("step").asInt(-1) == step
            && state.path("kind").asString("").equals(spec.kind().word());
    if (!same) {
      throw new StageFailure(
          FailureClass.PLATFORM,
          "Cannot resume %s after step %d: the checkpoint is of %s after step %s"
              .formatted(spec.kind(), step, state.path("kind").asString(), state.path("step")));
    }
  }

  static Initialization initialization(Settings settings) {
    return new Initialization(
        settings.number("embeddingDeviation", 0),
        settings.number("linearDeviation", 0),
        settings.number("outputNorm", 0));
  }

  private static AdamW.Settings optimizerSettings(Settings settings) {
    return new AdamW.Settings(
        settings.number("beta1", 0),
        settings.number("beta2", 0),
        1e-8,
        settings.number("weightDecay", 0));
  }

  /** Tokens learnt before the session's first step. */
  long tokensBefore() throws IOException {
    return start != null && spec.resume() != null ? start.state().path("tokens").asLong() : 0;
  }

  /** The folder of the {@code tokenizer.json} that goes with the model. */
  Path tokenizerFolder() {
    return start != null ? start.path() : spec.input("tokenizer");
  }

  /** The tokenizer that goes with the model. */
  Tokenizer tokenizer() {
    return Vocabulary.requireFits(tokenizerFolder(), model);
  }

  /** How the model reads conversations. */
  ChatTemplate chatTemplate() {
    return chatTemplate(tokenizer());
  }

  private ChatTemplate chatTemplate(Tokenizer tokenizer) {
    return ChatTemplate.of(tokenizerFolder(), tokenizer);
  }

  /** Puts prompts to the model. */
  Asker asker() {
    Tokenizer tokenizer = tokenizer();
    return new Asker(tokenizer, chatTemplate(tokenizer));
  }

  /** Tokens a row: the context, unless the stage has a parameter for it, which is at most that. */
  int rowLength() {
    return rowLength(spec, model);
  }

  static int rowLength(StageSpec spec, ModelConfig model) {
    if (!spec.settings().has("rowLength")) {
      return model.context();
    }
    int rowLength = spec.settings().integer("rowLength", 2);
    if (rowLength > model.context()) {
      throw spec.settings()
          .wrong("rowLength", rowLength, "at most the context, " + model.context());
    }
    return rowLength;
  }

  /** Most tokens that a lane takes through the model at once. */
  int microBatchTokens() {
    return spec.settings().integer("microBatchTokens", 1, LibTorch.device().tokensAtOnce());
  }

  /**
   * Makes a step unless the guard finds its loss or its gradient unusual.
   *
   * @param loss of this rank's batches, as its part of the step's; known when it is asked for
   */
  Learner.Step step(List<MicroBatch> batches, double rate, DoubleSupplier loss) {
    DoubleSupplier whole = () -> ranks().sum(loss.getAsDouble())[0];
    return learner.step(
        batches,
        rate,
        norm -> {
          boolean allowed = guard.allows(whole, norm);
          snapshot.await();
          return allowed;
        });
  }

  /** How the latest step's tokens were spread over experts. */
  ExpertLoad expertLoad() {
    return learner.expertLoad();
  }

  StepGuard guard() {
    return guard;
  }

  /** The processes that make the steps together. */
  Ranks ranks() {
    return spec.ranks();
  }

  /**
   * How many of a step's pieces make a micro-batch: at most {@code most}, few enough that the lanes
   * of all ranks have about as much to do, and that their rows hold at most {@link
   * #microBatchTokens}, unless a single piece or row holds more.
   *
   * @param sequences of all pieces, {@code each} of which are one
   */
  int atOnce(int most, List<Sequence> sequences, int each) {
    return MicroBatch.size(
        most,
        sequences.size() / each,
        workers(),
        size -> PackedAnswers.fit(sequences, size * each, rowLength(), microBatchTokens()));
  }

  /** Lanes of all ranks together. */
  int workers() {
    return ranks().size() * lanes.count();
  }

  StageSpec spec() {
    return spec;
  }

  ModelConfig model() {
    return model;
  }

  Lanes lanes() {
    return lanes;
  }

  Decoder decoder() {
    return decoder;
  }

  Parameters parameters() {
    return parameters;
  }

  AdamW optimizer() {
    return optimizer;
  }

  /** Weights and moments for a checkpoint, which a step lets be copied before it changes them. */
  Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public void close() {
    owned.close();
  }
}
