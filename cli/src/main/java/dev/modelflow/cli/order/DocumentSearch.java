package dev.modelflow.cli.order;

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
   * @param way to it, first stage first
   * @throws OrderException when a record is damaged, or not that of the data
   */
  public DocumentAnswer answer(List<Link> way) {
    try {
      return DocumentAnswer.of(
          way.getLast().checkpoint(), document, way.stream().map(this::stage).toList());
    } catch (TextException damaged) {
      throw new OrderException(String.valueOf(damaged.getMessage()), damaged);
    }
  }

  private StageSightings stage(Link link) {
    JsonNode state = Json.read(files.folder(link.checkpoint(), List.of(STATE)).resolve(STATE));
    int steps = state.path("step").asInt(0);
    String kind = state.path("kind").asString("");
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
        sightings);
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
    if (kind.equals("import")) {
      return "the model was imported, and what it was trained on before is not recorded here";
    }
    int recorded = record.stream().mapToInt(Seen::steps).sum();
    if (recorded < steps) {
      return "%d of its %d steps are not recorded".formatted(steps - recorded, steps);
    }
    return null;
  }
}
