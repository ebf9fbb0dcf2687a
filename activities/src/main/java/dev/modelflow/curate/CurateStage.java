package dev.modelflow.curate;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.objects.Digests;
import dev.modelflow.objects.Folders;
import dev.modelflow.text.Document;
import dev.modelflow.text.Json;
import dev.modelflow.text.JsonLines;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.TokenSetWriter;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.worker.StageOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The stage {@code curate}: fetches the pinned sources, cleans them together with the synthetic
 * documents, trains or takes the tokenizer and writes corpus, removals and token sets. Equal inputs
 * give equal bytes.
 */
public final class CurateStage {
  private static final String DOCUMENTS = "documents.jsonl.zst";
  private static final String REMOVED = "removed.jsonl.zst";
  private static final String REPORT = "report.json";

  private final Path output;
  private final Consumer<String> log;
  private final Map<String, StageOutput> outputs = new LinkedHashMap<>();

  private CurateStage(Path output, Consumer<String> log) {
    this.output = output;
    this.log = log;
  }

  /**
   * Runs the stage.
   *
   * @param parameters as the recipe resolved them, see {@code docs/recipe.md}
   * @param inputs optionally {@code documents} and {@code questions}, as synthesize wrote them, and
   *     {@code tokenizer}, of an imported model
   * @param output an empty folder; each output becomes a folder in it
   * @param log takes a line for people now and then
   * @return the outputs by name
   */
  public static Map<String, StageOutput> run(
      Map<String, ? extends @Nullable Object> parameters,
      Map<String, Path> inputs,
      Path output,
      Consumer<String> log) {
    CurateParameters typed = Json.convert(parameters, CurateParameters.class);
    CurateStage stage = new CurateStage(output, log);
    stage.run(typed, inputs, TokenizerChoice.of(parameters, inputs));
    return stage.outputs;
  }

  private void run(
      CurateParameters parameters, Map<String, Path> inputs, TokenizerChoice tokenizer) {
    Path documents = inputs.get("documents");
    Path questions = inputs.get("questions");
    List<Document> made = documents == null ? List.of() : Curation.made(documents);
    List<Prompt> asked = questions == null ? List.of() : Prompt.readAll(questions);
    MavenClient maven = new MavenClient(MavenClient.command(System.getenv()), log);
    SourceFetcher fetcher = new SourceFetcher(SourceFetcher.localRepository(), maven, log);
    Path downloads = folder("downloads");
    Map<SourcePin, Path> files = fetcher.fetch(parameters.sources(), downloads);
    Pool pool = new Curation(parameters, log).run(files, made, asked);
    delete(downloads);
    writeCorpus(pool, parameters);
    writeRemovals(pool);
    writeTokens(pool.documents(), parameters, tokenizer);
  }

  private void writeCorpus(Pool pool, CurateParameters parameters) {
    Path corpus = folder("corpus");
    JsonLines.writeAll(corpus.resolve(DOCUMENTS), pool.documents().stream());
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("steps", pool.reports().stream().map(Json::tree).toList());
    report.put("sources", parameters.sources().stream().map(Json::tree).toList());
    Json.write(corpus.resolve(REPORT), report);
    Size size = Size.of(pool.documents());
    add("corpus", ArtifactKind.CORPUS, corpus, sizes(size.documents(), size.bytes()));
  }

  private void writeRemovals(Pool pool) {
    Path removed = folder("removed");
    JsonLines.writeAll(removed.resolve(REMOVED), pool.removals().stream());
    add(
        "removed",
        ArtifactKind.CORPUS,
        removed,
        Map.of("documents", String.valueOf(pool.removals().size())));
  }

  private void writeTokens(
      List<Document> documents, CurateParameters parameters, TokenizerChoice choice) {
    Map<String, List<Document>> sets =
        documents.stream()
            .collect(
                Collectors.groupingBy(CurateStage::setName, TreeMap::new, Collectors.toList()));
    List<Document> train = documents.stream().filter(document -> !isHeldOut(document)).toList();
    Path folder = folder("tokenizer");
    Tokenizer tokenizer = choice.write(train, parameters, folder);
    String digest = digest(folder.resolve(Tokenizer.FILE));
    Map<String, String> properties = Map.of("vocabulary", "" + tokenizer.vocabularySize());
    add("tokenizer", ArtifactKind.TOKENIZER, folder, properties);
    log.accept("tokenizer: %d tokens".formatted(tokenizer.vocabularySize()));
    sets.forEach((name, set) -> writeSet(name, set, tokenizer, digest));
  }

  private void writeSet(String name, List<Document> documents, Tokenizer tokenizer, String digest) {
    Path folder = folder(name);
    try (TokenSetWriter writer = new TokenSetWriter(folder, digest, tokenizer)) {
      documents.parallelStream()
          .map(document -> tokenizer.encode(document.text()))
          .toList()
          .forEach(new Adder(documents, writer)::add);
      Map<String, String> properties = new TreeMap<>(sizes(writer.documents(), writer.bytes()));
      properties.put("tokens", String.valueOf(writer.tokens()));
      add(name, ArtifactKind.TOKEN_SET, folder, properties);
      log.accept(
          "%s: %d tokens, %.2f bytes a token"
              .formatted(name, writer.tokens(), (double) writer.bytes() / writer.tokens()));
    }
  }

  /** Pairs encoded documents with the documents, in their order. */
  private static final class Adder {
    private final List<Document> documents;
    private final TokenSetWriter writer;
    private int next;

    Adder(List<Document> documents, TokenSetWriter writer) {
      this.documents = documents;
      this.writer = writer;
    }

    void add(int[] ids) {
      Document document = documents.get(next++);
      writer.add(document.id(), document.source(), ids, Size.bytes(document.text()));
    }
  }

  private static String setName(Document document) {
    return (isHeldOut(document) ? "held-out." : "tokens.") + document.source();
  }

  private static boolean isHeldOut(Document document) {
    return Curation.HELD_OUT.equals(document.attributes().get(Curation.SPLIT));
  }

  private static Map<String, String> sizes(long documents, long bytes) {
    return Map.of("documents", String.valueOf(documents), "bytes", String.valueOf(bytes));
  }

  private void add(String name, ArtifactKind kind, Path folder, Map<String, String> properties) {
    outputs.put(name, new StageOutput(kind, folder, properties));
  }

  private Path folder(String name) {
    try {
      return Files.createDirectories(output.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a folder for " + name + " in " + output, e);
    }
  }

  private static void delete(Path folder) {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + folder, e);
    }
  }

  private static String digest(Path file) {
    try {
      return Digests.of(file).hex();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }
}
