package dev.modelflow.cli.bench;

import dev.modelflow.cli.client.Run;
import dev.modelflow.cli.client.Run.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * The effect of every stage of a flow from pretraining to rewards, read from the numbers of one run
 * and of its control, which is the same run with random rewards. A difference counts from two
 * standard errors on.
 */
public final class Learning {
  /** Bits per byte of text count as far below the unigrams' from a sixth less on. */
  private static final double FAR_BELOW = 5.0 / 6;

  private static final double MOST = 0.5;
  private static final double TEN_POINTS = 0.10;
  private static final double NOISE = 2;

  private final Run run;
  private final List<Claim> claims = new ArrayList<>();

  private Learning(Run run) {
    this.run = run;
  }

  /**
   * The claims in the order of the stages.
   *
   * @param run a run with a stage of each kind of training, each evaluated
   * @param control its rerun from the last of them on, with random rewards
   * @throws NoSuchElementException naming a number that is missing
   */
  public static List<Claim> claims(Run run, Run control) {
    Learning flow = new Learning(run);
    flow.pretrain();
    flow.rises("midtrain", "sums", "accuracy", "more sums are right");
    flow.rises("midtrain", "problems", "accuracy", "more problems are right");
    flow.longContext();
    flow.rises("sft", "chat-problems", "form", "more answers have the asked form");
    flow.preferences();
    flow.rewards();
    Learning chance = new Learning(control);
    chance.randomRewards();
    return Stream.concat(flow.claims.stream(), chance.claims.stream()).toList();
  }

  private void pretrain() {
    Evaluation unigrams = number("pretrain", "text", "unigramBitsPerByte");
    Evaluation model = number("pretrain", "text", "bitsPerByte");
    add(
        "pretrain",
        "bits per byte far below the unigrams'",
        unigrams,
        model,
        model.value() <= FAR_BELOW * unigrams.value());
  }

  private void rises(String kind, String task, String metric, String effect) {
    compare(kind, task, metric, effect, Learning::clearlyMore);
  }

  private void longContext() {
    compare(
        "long-context",
        "needles-new",
        "accuracy",
        "most needles beyond the old context are found",
        (before, after) -> clearlyMore(before, after) && after.value() >= MOST);
  }

  private void preferences() {
    Evaluation before = number("dpo", "preferences", "marginBefore");
    Evaluation growth = number("dpo", "preferences", "marginGrowth");
    claims.add(
        new Claim(
            name("dpo"),
            "the margin of held-out pairs grows",
            before.value(),
            before.value() + growth.value(),
            growth.standardError(),
            growth.samples(),
            growth.value() > NOISE * growth.standardError()));
  }

  private void rewards() {
    compare(
        "rlvr",
        "chat-problems",
        "accuracy",
        "ten points more problems are right",
        (before, after) ->
            clearlyMore(before, after) && after.value() - before.value() >= TEN_POINTS);
  }

  private void randomRewards() {
    compare(
        "rlvr",
        "chat-problems",
        "accuracy",
        "random rewards make no more problems right",
        (before, after) -> !clearlyMore(before, after));
  }

  private void compare(
      String kind,
      String task,
      String metric,
      String effect,
      BiPredicate<Evaluation, Evaluation> holds) {
    Evaluation before = number(trainedFrom(kind), task, metric);
    Evaluation after = number(kind, task, metric);
    add(kind, effect, before, after, holds.test(before, after));
  }

  private void add(String kind, String effect, Evaluation before, Evaluation after, boolean holds) {
    claims.add(
        new Claim(
            name(kind),
            effect,
            before.value(),
            after.value(),
            noise(before, after),
            after.samples(),
            holds));
  }

  private static boolean clearlyMore(Evaluation before, Evaluation after) {
    return after.value() - before.value() > NOISE * noise(before, after);
  }

  private static double noise(Evaluation before, Evaluation after) {
    return Math.hypot(before.standardError(), after.standardError());
  }

  /** The kind of training before this one, as a flow has them in a row. */
  private static String trainedFrom(String kind) {
    return switch (kind) {
      case "midtrain" -> "pretrain";
      case "long-context" -> "midtrain";
      case "sft" -> "long-context";
      case "rlvr" -> "dpo";
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private Evaluation number(String kind, String task, String metric) {
    String stage = name(kind);
    return run.evaluations().stream()
        .filter(it -> stage.equals(run.subject(it)))
        .filter(it -> it.task().equals(task) && it.metric().equals(metric))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    "Run %s has no %s of %s about stage '%s'"
                        .formatted(run.id(), metric, task, stage)));
  }

  private String name(String kind) {
    return run.stages().stream()
        .filter(stage -> stage.kind().equals(kind))
        .map(Run.Stage::name)
        .findFirst()
        .orElseThrow(
            () -> new NoSuchElementException("Run %s has no %s stage".formatted(run.id(), kind)));
  }
}
