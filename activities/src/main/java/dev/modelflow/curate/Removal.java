package dev.modelflow.curate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.modelflow.text.Document;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a document was removed.
 *
 * @param id the document's
 * @param source the document's
 * @param step which step removed it
 * @param reason the rule that it broke
 * @param value the measured value: the rule's measure, a similarity, a share of a question
 * @param match of duplicates the id of the document kept instead; of contaminated documents the
 *     question's id
 * @param evidence the text that tells: the document's beginning, or the words shared with the
 *     question
 * @param metadata the document's
 */
@JsonInclude(Include.NON_NULL)
public record Removal(
    String id,
    String source,
    String step,
    String reason,
    double value,
    @Nullable String match,
    String evidence,
    Map<String, String> metadata) {
  private static final int EXCERPT = 200;

  static Removal of(Document document, String step, String reason, double value) {
    return of(document, step, reason, value, null, excerpt(document.text()));
  }

  static Removal of(
      Document document,
      String step,
      String reason,
      double value,
      @Nullable String match,
      String evidence) {
    return new Removal(
        document.id(),
        document.source(),
        step,
        reason,
        Math.round(value * 10_000) / 10_000.0,
        match,
        evidence,
        document.metadata());
  }

  static String excerpt(String text) {
    if (text.length() <= EXCERPT) {
      return text;
    }
    // Not in the middle of a surrogate pair.
    int end = Character.isHighSurrogate(text.charAt(EXCERPT - 1)) ? EXCERPT - 1 : EXCERPT;
    return text.substring(0, end);
  }
}
