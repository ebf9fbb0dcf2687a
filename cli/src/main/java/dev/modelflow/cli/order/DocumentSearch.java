package dev.modelflow.cli.order;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.data.Seen;
import dev.modelflow.engine.data.SeenJson;
import dev.modelflow.text.Json;
import dev.modelflow.text.TextException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Looks for a document in what the stages on the way to a checkpoint have seen. */
public final class DocumentSearch {
  private static final String STATE = "trainer_state.json";

  private final ArtifactFiles files;
  private final String document;

  /** A search for the document of this id. */
  public DocumentSearch(ArtifactFiles files, String document) {
    this.files = files;
    this.document = document;
  }

  /**
   * The answer for the last of these checkpoints.
   *
   * @param way to it, each checkpoint after all that it came from
   * @throws OrderException when a record is damaged, or not that of the data
   */
  public DocumentAnswer answer(List<Link> way) {
    try {
      Told told = new Told();
      way.forEach(link -> told.add(link, stage(link, told)));
      String last = way.getLast().checkpoint();
      return DocumentAnswer.of(last, document, told.to(last));
    } catch (TextException damaged) {
      throw new OrderException(String.valueOf(damaged.getMessage()), damaged);
    }
  }

  private StageSightings stage(Link link, Told before) {
    JsonNode state = Json.read(files.folder(link.checkpoint(), List.of(STATE)).resolve(STATE));
    int steps = state.path("step").asInt(0);
    String kind = state.path("kind").asString("");
    if (kind.equals(StageKind.MERGE.word())) {
      return merge(link, steps, before);
    }
    List<Seen> record = record(link, state);
    SeenSource source = new SeenSource(link, files, document);
    List<Sighting> sightings = new ArrayList<>();
    record.forEach(seen -> sightings.addAll(source.sightings(seen)));
    sightings.sort(Comparator.comparingInt(Sighting::step));
    return new StageSightings(
        link.run(),
        link.stage(),
        kind,
        link.checkpoint(),
        steps,
        source.isKnown(),
        gap(kind, steps, record),
        sightings,
        List.of());
  }

  /** A merge reads no documents: what it has seen is what the checkpoints have that it merged. */
  private static StageSightings merge(Link link, int steps, Told before) {
    List<Merged> merged =
        link.before().stream()
            .map(before::to)
            .filter(way -> !way.isEmpty())
            .map(Merged::of)
            .toList();
    return new StageSightings(
        link.run(),
        link.stage(),
        StageKind.MERGE.word(),
        link.checkpoint(),
        steps,
        false,
        merged.isEmpty() ? "the ledger knows no checkpoint that it merged" : null,
        List.of(),
        merged);
  }

  private static List<Seen> record(Link link, JsonNode state) {
    try {
      return SeenJson.read(state.path(SeenJson.KEY));
    } catch (IllegalArgumentException wrong) {
      throw new OrderException(
          "Checkpoint %s of stage %s: %s"
              .formatted(link.checkpoint(), link.stage(), wrong.getMessage()),
          wrong);
    }
  }

  private static @Nullable String gap(String kind, int steps, List<Seen> record) {
    if (kind.equals(StageKind.IMPORT.word())) {
      return "the model was imported, and what it was trained on before is not recorded here";
    }
    int recorded = record.stream().mapToInt(Seen::steps).sum();
    if (recorded < steps) {
      return "%d of its %d steps are not recorded".formatted(steps - recorded, steps);
    }
    return null;
  }
}
