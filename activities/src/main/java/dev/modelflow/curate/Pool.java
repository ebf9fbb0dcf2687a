package dev.modelflow.curate;

import dev.modelflow.text.Document;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The documents that are left, what was removed and what each step did. The local runner of the
 * steps: over documents or groups in parallel, results in order.
 */
final class Pool {
  private final Consumer<String> log;
  private final List<Removal> removals = new ArrayList<>();
  private final List<StepReport> reports = new ArrayList<>();
  private List<Document> documents;

  Pool(Collection<Document> documents, Consumer<String> log) {
    this.log = log;
    this.documents = documents.stream().sorted(Comparator.comparing(Document::id)).toList();
  }

  /** Sorted by id. */
  List<Document> documents() {
    return documents;
  }

  /** In the order of the steps. */
  List<Removal> removals() {
    return removals;
  }

  List<StepReport> reports() {
    return reports;
  }

  /** Changes each document; the step may shorten, never drop. */
  void rewrite(String step, Function<Document, Document> change) {
    Size before = Size.of(documents);
    documents = documents.parallelStream().map(change).toList();
    report(step, before, List.of());
  }

  /** Removes the documents for which there is a removal. */
  void filter(String step, Function<Document, Optional<Removal>> check) {
    remove(step, documents.parallelStream().map(check).flatMap(Optional::stream).toList());
  }

  /** Removes documents after looking at all that share a key. */
  <K> void filterGroups(
      String step, Function<Document, K> key, Function<List<Document>, List<Removal>> check) {
    List<Removal> found =
        documents.parallelStream().collect(Collectors.groupingBy(key)).values().parallelStream()
            .map(check)
            .flatMap(List::stream)
            .sorted(Comparator.comparing(Removal::id))
            .toList();
    remove(step, found);
  }

  /** Removes these documents. */
  void remove(String step, List<Removal> found) {
    Size before = Size.of(documents);
    Set<String> ids =
        found.stream().map(Removal::id).collect(Collectors.toCollection(HashSet::new));
    documents = documents.stream().filter(document -> !ids.contains(document.id())).toList();
    removals.addAll(found);
    report(step, before, found);
  }

  private void report(String step, Size before, List<Removal> found) {
    StepReport report = StepReport.of(step, before, Size.of(documents), found);
    reports.add(report);
    log.accept(report.line());
  }
}
