package dev.modelflow.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.cli.client.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class LearningTest {
  private static final List<String> KINDS =
      List.of("pretrain", "midtrain", "long-context", "sft", "dpo", "rlvr");

  private final List<String> numbers = new ArrayList<>();

  /** A flow that does all that it should; each stage is called {@code my-} and its kind. */
  private Run good(double rewarded) {
    numbers.clear();
    about("pretrain", "text", "unigramBitsPerByte", 2.7, 0.1);
    about("pretrain", "text", "bitsPerByte", 2.0, 0.1);
    about("pretrain", "sums", "accuracy", 0.02, 0.01);
    about("midtrain", "sums", "accuracy", 1, 0);
    about("pretrain", "problems", "accuracy", 0, 0);
    about("midtrain", "problems", "accuracy", 0.9, 0.01);
    about("midtrain", "needles-new", "accuracy", 0.1, 0.03);
    about("long-context", "needles-new", "accuracy", 0.8, 0.03);
    about("long-context", "chat-problems", "form", 0, 0);
    about("sft", "chat-problems", "form", 1, 0);
    about("dpo", "chat-problems", "accuracy", 0.3, 0.02);
    about("rlvr", "chat-problems", "accuracy", rewarded, 0.02);
    number("my-dpo", null, "preferences", "marginBefore", 1.2, 0.1);
    number("my-dpo", null, "preferences", "marginGrowth", 0.1, 0.01);
    return run();
  }

  private void about(String kind, String task, String metric, double value, double error) {
    number("evaluate-my-" + kind, "my-" + kind, task, metric, value, error);
  }

  private void number(
      String stage, @Nullable String of, String task, String metric, double value, double error) {
    numbers.add(
        """
        {"stage": "%s", "of": %s, "task": "%s", "metric": "%s", "value": %s,
         "standardError": %s, "samples": 400, "higherIsBetter": true}"""
            .formatted(stage, of == null ? "null" : '"' + of + '"', task, metric, value, error));
  }

  private Run run() {
    List<String> stages = new ArrayList<>();
    for (String kind : KINDS) {
      stages.add(stage("my-" + kind, kind));
      stages.add(stage("evaluate-my-" + kind, "evaluate"));
    }
    String text =
        """
        {"id": "r1", "name": "n", "recipe": "r", "status": "succeeded", "stagesTotal": 12,
         "stagesDone": 12, "stages": [%s], "evaluations": [%s]}"""
            .formatted(String.join(",", stages), String.join(",", numbers));
    return new JsonMapper().readValue(text, Run.class);
  }

  private static String stage(String name, String kind) {
    return """
        {"name": "%s", "kind": "%s", "position": 0, "pool": "gpu", "status": "succeeded",
         "after": [], "epoch": 1}"""
        .formatted(name, kind);
  }

  @Test
  void aFlowThatDoesAllThatItShouldHoldsEveryClaim() {
    List<Claim> claims = Learning.claims(good(0.5), good(0.3));

    assertThat(claims).allMatch(Claim::holds).hasSize(8);
    assertThat(claims.getFirst().stage()).isEqualTo("my-pretrain");
  }

  @Test
  void nineMorePointsAreNotTen() {
    assertThat(failing(Learning.claims(good(0.39), good(0.3))))
        .containsExactly("ten points more problems are right");
  }

  @Test
  void randomRewardsThatHelpRefuteTheVerifier() {
    assertThat(failing(Learning.claims(good(0.5), good(0.4))))
        .containsExactly("random rewards make no more problems right");
  }

  @Test
  void aDifferenceWithinTheNoiseIsNone() {
    Run control = good(0.3);
    good(0.5);
    numbers.removeIf(it -> it.contains("\"form\""));
    about("long-context", "chat-problems", "form", 0.5, 0.05);
    about("sft", "chat-problems", "form", 0.6, 0.05);

    assertThat(failing(Learning.claims(run(), control)))
        .containsExactly("more answers have the asked form");
  }

  @Test
  void aMissingNumberIsNamed() {
    Run control = good(0.3);
    good(0.5);
    numbers.removeIf(it -> it.contains("marginGrowth"));

    assertThatThrownBy(() -> Learning.claims(run(), control))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("Run r1 has no marginGrowth of preferences about stage 'my-dpo'");
  }

  private static List<String> failing(List<Claim> claims) {
    return claims.stream().filter(claim -> !claim.holds()).map(Claim::effect).toList();
  }
}
