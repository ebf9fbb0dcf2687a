package dev.modelflow.curate;

import dev.modelflow.text.Document;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Lines of web pages that stand on many pages are navigation or boilerplate, and go. Mapping gives
 * a page's distinct lines, grouping counts pages a line, and a page is then rewritten from the
 * counts of its own lines. Only pages are touched: a line of code or a gloss means little by
 * itself.
 */
final class RepeatedLines {
  /** More pages than this make a line boilerplate. */
  static final int MOST_PAGES = 10;

  private RepeatedLines() {}

  /** The keys of a page's lines, each once. */
  static LongStream keys(Document page) {
    return page.text().lines().mapToLong(StableHash::of).distinct();
  }

  /** On how many of the pages each line stands. */
  static Map<Long, Integer> count(List<Document> pages) {
    Map<Long, Integer> counts = new HashMap<>();
    pages.parallelStream()
        .map(page -> keys(page).toArray())
        .forEachOrdered(
            keys -> Arrays.stream(keys).forEach(key -> counts.merge(key, 1, Integer::sum)));
    return counts;
  }

  /** The page without lines that stand on too many pages; possibly empty. */
  static Document strip(Document page, Map<Long, Integer> counts) {
    String text =
        page.text()
            .lines()
            .filter(line -> counts.getOrDefault(StableHash.of(line), 0) <= MOST_PAGES)
            .collect(Collectors.joining("\n"));
    return new Document(
        page.id(),
        text.strip(),
        page.source(),
        page.added(),
        page.created(),
        page.metadata(),
        page.attributes());
  }
}
