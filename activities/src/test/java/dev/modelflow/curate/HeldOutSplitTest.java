package dev.modelflow.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.text.Document;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeldOutSplitTest {
  @Test
  void aSourceTooSmallForItsShareStillGivesOneDocument() {
    assertThat(HeldOutSplit.ids(documents("few", 3), 1e-9)).hasSize(1);
  }

  @Test
  void aShareOfALargeSourceIsHeldOut() {
    assertThat(HeldOutSplit.ids(documents("many", 5000), 0.1)).hasSizeBetween(400, 600);
  }

  @Test
  void nothingIsHeldOutWhenTheShareIsZero() {
    assertThat(HeldOutSplit.ids(documents("few", 3), 0)).isEmpty();
  }

  @Test
  void moreDocumentsDoNotMoveOneToTheOtherSide() {
    Set<String> small = HeldOutSplit.ids(documents("many", 1000), 0.1);
    assertThat(HeldOutSplit.ids(documents("many", 5000), 0.1)).containsAll(small);
  }

  private static List<Document> documents(String source, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Document(source + i, "text " + i, source, "", "", Map.of(), Map.of()))
        .toList();
  }
}
