package dev.modelflow.synthesize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FillerTest {
  @Test
  void saysNothingInTheWordsOfTheFacts() {
    for (String sentence : Filler.SENTENCES) {
      List<String> words = List.of(sentence.toLowerCase(Locale.ROOT).split("[^a-z]+"));
      assertThat(words).doesNotContainAnyElementsOf(Vocabulary.ALPHABET).doesNotContain("card");
    }
  }

  @Test
  void everySentenceIsShorterThanARunThatCurationKnowsAQuestionBy() {
    assertThat(Filler.SENTENCES).allMatch(sentence -> sentence.split(" ", -1).length < 8);
  }

  @Test
  void noSentenceStandsTwice() {
    assertThat(Filler.SENTENCES).doesNotHaveDuplicates();
  }
}
