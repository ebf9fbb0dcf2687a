package dev.modelflow.curate;

import dev.modelflow.text.Document;
import dev.modelflow.text.JsonLines;
import dev.modelflow.text.Prompt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The steps from artifacts to clean documents, in their order. */
final class Curation {
  static final String SPLIT = "split";
  static final String TRAIN = "train";
  static final String HELD_OUT = "held-out";

  /** Where the name of a source's {@link Format} stands in the metadata of real documents. */
  static final String FORMAT = "format";

  private final CurateParameters parameters;
  private final Consumer<String> log;

  Curation(CurateParameters parameters, Consumer<String> log) {
    this.parameters = parameters;
    this.log = log;
  }

  /**
   * Runs every step.
   *
   * @param files the pinned artifacts
   * @param made the synthetic documents
   * @param questions the evaluation's questions
   */
  Pool run(Map<SourcePin, Path> files, List<Document> made, List<Prompt> questions) {
    List<Document> all = new ArrayList<>(made);
    files.forEach((pin, file) -> all.addAll(extract(pin, file)));
    Pool pool = new Pool(all, log);
    List<Document> pages =
        pool.documents().stream().filter(document -> isOf(document, Format.JAVADOC)).toList();
    Map<Long, Integer> lines = RepeatedLines.count(pages);
    pool.rewrite(
        "repeated-lines",
        document ->
            isOf(document, Format.JAVADOC) ? RepeatedLines.strip(document, lines) : document);
    if (parameters.quality()) {
      pool.filter(QualityRules.STEP, this::quality);
    }
    pool.filterGroups(ExactDuplicates.STEP, ExactDuplicates::key, ExactDuplicates::removals);
    if (parameters.nearDuplicates() < 1) {
      List<Document> candidates = pool.documents().stream().filter(Curation::isReal).toList();
      pool.remove(
          NearDuplicates.STEP, NearDuplicates.removals(candidates, parameters.nearDuplicates()));
    }
    pool.filter(
        Contamination.STEP, new Contamination(questions, parameters.contamination())::check);
    List<Document> real = pool.documents().stream().filter(Curation::isReal).toList();
    Set<String> heldOut = HeldOutSplit.ids(real, parameters.heldOut());
    pool.rewrite(
        SPLIT,
        document -> document.with(SPLIT, heldOut.contains(document.id()) ? HELD_OUT : TRAIN));
    return pool;
  }

  /** The synthetic documents of the stage's input. */
  static List<Document> made(Path folder) {
    return JsonLines.readAll(folder.resolve("documents.jsonl.zst"), Document.class);
  }

  private List<Document> extract(SourcePin pin, Path file) {
    List<Document> documents = Extractor.extract(pin, file);
    Size size = Size.of(documents);
    log.accept(
        "extract: %d documents (%.1f MB) of %s from %s, licence %s"
            .formatted(
                size.documents(), size.bytes() / 1e6, pin.name(), pin.artifact(), pin.licence()));
    return documents;
  }

  private Optional<Removal> quality(Document document) {
    for (Format format : Format.values()) {
      if (isOf(document, format)) {
        return QualityRules.check(document, format);
      }
    }
    return Optional.empty();
  }

  private static boolean isReal(Document document) {
    return document.metadata().containsKey(FORMAT);
  }

  private static boolean isOf(Document document, Format format) {
    return format.name().equals(document.metadata().get(FORMAT));
  }
}
