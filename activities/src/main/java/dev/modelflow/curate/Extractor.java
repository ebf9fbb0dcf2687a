package dev.modelflow.curate;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.text.Document;
import dev.modelflow.worker.StageFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Takes the documents out of an artifact. */
final class Extractor {
  private final SourcePin pin;
  private final String prefix;

  private Extractor(SourcePin pin) {
    this.pin = pin;
    Coordinate coordinate = pin.coordinate();
    this.prefix = pin.name() + ":" + coordinate.artifact() + "-" + coordinate.version() + ":";
  }

  /**
   * A text before it is a document: where it stands and the digest of the bytes it was made from.
   */
  record Text(String path, String text, Digest digest) {}

  /** The documents of the artifact at {@code file}, in the order of their ids. */
  static List<Document> extract(SourcePin pin, Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return new Extractor(pin).documents(zip);
    } catch (IOException e) {
      throw new StageFailedException(
          FailureClass.DATA,
          "Source '%s': cannot read %s: %s".formatted(pin.name(), file, e.getMessage()));
    }
  }

  private List<Document> documents(ZipFile zip) {
    List<? extends ZipEntry> entries =
        zip.stream().filter(entry -> !entry.isDirectory() && isWanted(entry.getName())).toList();
    return switch (pin.format()) {
      case WORDNET ->
          sample(
                  entries.stream()
                      .flatMap(entry -> WordNet.synsets(entry.getName(), read(zip, entry)))
                      .toList(),
                  WordNet.Synset::path)
              .parallelStream()
              .map(WordNet.Synset::text)
              .map(this::document)
              .sorted(Comparator.comparing(Document::id))
              .toList();
      case JAVADOC, JAVA ->
          sample(new ArrayList<>(entries), ZipEntry::getName).parallelStream()
              .flatMap(entry -> texts(entry.getName(), read(zip, entry)))
              .map(this::document)
              .sorted(Comparator.comparing(Document::id))
              .toList();
    };
  }

  private boolean isWanted(String path) {
    return switch (pin.format()) {
      case WORDNET -> path.matches(".*/data\\.(noun|verb|adj|adv)");
      case JAVADOC -> path.endsWith(".html");
      case JAVA -> path.endsWith(".java");
    };
  }

  private Stream<Text> texts(String path, byte[] raw) {
    String decoded = new String(raw, StandardCharsets.UTF_8);
    String text = pin.format() == Format.JAVA ? JavaSource.text(decoded) : HtmlPage.text(decoded);
    return text.isEmpty() ? Stream.of() : Stream.of(new Text(path, text, Digest.of(raw)));
  }

  /** Spread evenly, and the same ones whatever else the artifact holds. */
  private <T> List<T> sample(List<T> all, Function<T, String> path) {
    if (pin.documents() == 0 || all.size() <= pin.documents()) {
      return all;
    }
    return all.stream()
        .sorted(
            Comparator.<T>comparingLong(item -> StableHash.of(path.apply(item)))
                .thenComparing(path))
        .limit(pin.documents())
        .toList();
  }

  private Document document(Text text) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("artifact", pin.coordinate().toString());
    metadata.put("artifactSha256", pin.sha256());
    metadata.put("path", text.path());
    metadata.put("sha256", text.digest().hex());
    metadata.put("licence", pin.licence());
    metadata.put(Curation.FORMAT, pin.format().name());
    return new Document(
        prefix + text.path(),
        text.text(),
        pin.name(),
        pin.published(),
        pin.published(),
        metadata,
        Map.of());
  }

  private static byte[] read(ZipFile zip, ZipEntry entry) {
    try (var in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new StageFailedException(
          FailureClass.DATA,
          "Cannot read %s of %s: %s".formatted(entry.getName(), zip.getName(), e.getMessage()));
    }
  }
}
