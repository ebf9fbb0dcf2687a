package dev.modelflow.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.text.Verifier.Verdict;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {
  private static final Prompt CHAT =
      new Prompt("c", "chat-problems", PromptForm.CHAT, "38 and 90?", "128", null, null);
  private static final Prompt COMPLETION =
      new Prompt("n", "needles", PromptForm.COMPLETION, "code red=", "42", null, null);

  @Test
  void takesTheAskedFormWithTheRightAnswer() {
    assertThat(Verifier.check(CHAT, "38+90=821\nanswer 128", true))
        .isEqualTo(new Verdict(true, true));
  }

  @Test
  void aWrongAnswerInTheAskedFormIsFormedOnly() {
    assertThat(Verifier.check(CHAT, "38+90=721\nanswer 127", true))
        .isEqualTo(new Verdict(true, false));
  }

  @Test
  void theAnswerWithoutWorkIsRightButNotFormed() {
    assertThat(Verifier.check(CHAT, "answer 128", true)).isEqualTo(new Verdict(false, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "38+90=821\nanswer 128\n",
        "38+90=821\nanswer 1280",
        "38+90=821\nanswer 0128",
        "answer 128 or 129",
        "the answer 128",
        "128",
        ""
      })
  void anythingElseIsWrong(String output) {
    assertThat(Verifier.check(CHAT, output, true).correct()).isFalse();
  }

  @Test
  void anOutputThatWasCutOffIsWrong() {
    assertThat(Verifier.check(CHAT, "38+90=821\nanswer 128", false))
        .isEqualTo(new Verdict(false, false));
  }

  @Test
  void aCompletionMustGiveTheAnswerAsItsFirstLine() {
    assertThat(Verifier.check(COMPLETION, "42\ncode blue=17", false).correct()).isTrue();
    assertThat(Verifier.check(COMPLETION, "42", true).correct()).isTrue();
    assertThat(Verifier.check(COMPLETION, "421", false).correct()).isFalse();
    assertThat(Verifier.check(COMPLETION, " 42\n", false).correct()).isTrue();
  }

  @Property
  void neverFailsAndNeverTakesWhatLacksTheAnswer(@ForAll String output, @ForAll boolean ended) {
    Verdict verdict = Verifier.check(CHAT, output, ended);
    if (!output.contains("128")) {
      assertThat(verdict.correct()).isFalse();
    }
  }
}
