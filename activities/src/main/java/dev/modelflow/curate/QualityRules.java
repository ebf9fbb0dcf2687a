package dev.modelflow.curate;

import dev.modelflow.text.Document;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Rules that a document must meet, by its source's format. For pages they are those of Gopher (Rae
 * et al. 2021, table A1) and FineWeb with their thresholds; for code those of StarCoder; glosses
 * need a few words only. Runs of words are measured in words, not characters.
 */
final class QualityRules {
  static final String STEP = "quality";

  private record Rule(
      String reason, ToDoubleFunction<TextMeasures> measure, double least, double most) {}

  private static final double ANY = Double.POSITIVE_INFINITY;

  private static final List<Rule> PAGES =
      List.of(
          // Longer pages are indexes of the others.
          new Rule("words", TextMeasures::words, 50, 50_000),
          new Rule("mean word length", TextMeasures::meanWordLength, 3, 10),
          new Rule("alphabetic words", TextMeasures::alphabeticWords, 0.8, 1),
          new Rule("stop words", TextMeasures::stopWords, 2, ANY),
          new Rule("lines ending a sentence", TextMeasures::linesEndingASentence, 0.12, 1),
          new Rule("duplicate lines", TextMeasures::duplicateLines, 0, 0.3),
          new Rule("most frequent 2 words", text -> text.mostFrequentRun(2), 0, 0.2),
          new Rule("most frequent 3 words", text -> text.mostFrequentRun(3), 0, 0.18),
          new Rule("most frequent 4 words", text -> text.mostFrequentRun(4), 0, 0.16),
          new Rule("repeated 10 words", text -> text.repeatedRuns(10), 0, 0.3));

  private static final List<Rule> CODE =
      List.of(
          new Rule("words", TextMeasures::words, 20, 100_000),
          new Rule("longest line", TextMeasures::longestLine, 0, 1000),
          new Rule("mean line length", TextMeasures::meanLineLength, 0, 100),
          new Rule("alphabetic characters", TextMeasures::alphabeticCharacters, 0.25, 1));

  private static final List<Rule> GLOSSES =
      List.of(
          new Rule("words", TextMeasures::words, 4, 1000),
          new Rule("alphabetic words", TextMeasures::alphabeticWords, 0.7, 1));

  private QualityRules() {}

  /** The first rule that the document breaks, if any. */
  static Optional<Removal> check(Document document, Format format) {
    List<Rule> rules =
        switch (format) {
          case JAVADOC -> PAGES;
          case JAVA -> CODE;
          case WORDNET -> GLOSSES;
        };
    TextMeasures measures = new TextMeasures(document.text());
    for (Rule rule : rules) {
      double value = rule.measure().applyAsDouble(measures);
      if (value < rule.least() || value > rule.most()) {
        return Optional.of(Removal.of(document, STEP, rule.reason(), value));
      }
    }
    return Optional.empty();
  }
}
