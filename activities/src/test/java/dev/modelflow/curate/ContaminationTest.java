package dev.modelflow.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.text.Document;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptForm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ContaminationTest {
  private static final String LONG =
      "Tom has 38 apples and gets 90 more. How many apples does Tom have now?";

  private final Contamination contamination =
      new Contamination(List.of(question("q1", LONG), question("q2", "38+90=")), 0.5);

  @Test
  void aPageThatQuotesHalfAQuestionIsRemovedWithTheEvidence() {
    Optional<Removal> removal =
        contamination.check(real("We read: Tom has 38 apples and gets 90 more. And that was it."));
    assertThat(removal)
        .hasValueSatisfying(
            found -> {
              assertThat(found.match()).isEqualTo("q1");
              assertThat(found.value()).isEqualTo(0.5294);
              assertThat(found.evidence()).isEqualTo("Tom has 38 apples and gets 90 more.");
            });
  }

  @Test
  void aPageThatSharesFewWordsIsKept() {
    assertThat(contamination.check(real("How many apples does Tom have now? He has 38 apples.")))
        .isEmpty();
  }

  @Test
  void aShortQuestionCountsOnlyAsAWhole() {
    assertThat(contamination.check(real("it is 38 + 90 = 128"))).isPresent();
    assertThat(contamination.check(real("it is 138+90=228"))).isEmpty();
    assertThat(contamination.check(real("it is 38+901=939"))).isEmpty();
  }

  @Test
  void madeTextsMayShareTheTemplateButNotTheQuestion() {
    String other = LONG.replace("90", "17");
    assertThat(contamination.check(made(other))).isEmpty();
    assertThat(contamination.check(made("x " + LONG + " y")))
        .hasValueSatisfying(removal -> assertThat(removal.value()).isEqualTo(1));
  }

  @Property(tries = 200)
  void everyTextAroundAWholeQuestionIsFound(@ForAll String before, @ForAll String after) {
    assertThat(contamination.check(made(before + " " + LONG + " " + after))).isPresent();
  }

  private static Prompt question(String id, String prompt) {
    return new Prompt(id, "problems", PromptForm.CHAT, prompt, "128", null, null);
  }

  private static Document real(String text) {
    return new Document("d", text, "s", "", "", Map.of(Curation.FORMAT, "JAVADOC"), Map.of());
  }

  private static Document made(String text) {
    return new Document("d", text, "s", "", "", Map.of(), Map.of());
  }
}
