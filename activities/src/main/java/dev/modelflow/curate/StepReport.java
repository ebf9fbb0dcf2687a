package dev.modelflow.curate;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a step did, in documents and UTF-8 bytes of text.
 *
 * @param reasons removed documents by reason
 */
record StepReport(
    String step,
    long documentsIn,
    long bytesIn,
    long documentsRemoved,
    long bytesRemoved,
    long documentsKept,
    long bytesKept,
    Map<String, Long> reasons) {

  static StepReport of(String step, Size before, Size after, List<Removal> removals) {
    Map<String, Long> reasons = new TreeMap<>();
    removals.forEach(removal -> reasons.merge(removal.reason(), 1L, Long::sum));
    return new StepReport(
        step,
        before.documents(),
        before.bytes(),
        before.documents() - after.documents(),
        before.bytes() - after.bytes(),
        after.documents(),
        after.bytes(),
        reasons);
  }

  /** One line for a person. */
  String line() {
    return "%s: %d documents (%.1f MB) in, %d (%.1f MB) removed, %d (%.1f MB) kept %s"
        .formatted(
            step,
            documentsIn,
            bytesIn / 1e6,
            documentsRemoved,
            bytesRemoved / 1e6,
            documentsKept,
            bytesKept / 1e6,
            reasons.isEmpty() ? "" : reasons);
  }
}
