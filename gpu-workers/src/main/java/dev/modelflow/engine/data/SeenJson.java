package dev.modelflow.engine.data;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** The data-order record of a checkpoint, as {@code trainer_state.json} has it. */
public final class SeenJson {
  /** Its key. */
  public static final String KEY = "dataOrder";

  private static final JsonMapper MAPPER = JsonMapper.shared();

  private SeenJson() {}

  /** The record's tree. */
  public static ArrayNode write(List<Seen> seen) {
    ArrayNode tree = MAPPER.createArrayNode();
    seen.forEach(each -> tree.add(MAPPER.<JsonNode>valueToTree(each)));
    return tree;
  }

  /** The record of a tree; throws {@link IllegalArgumentException} when it is none. */
  public static List<Seen> read(JsonNode tree) {
    List<Seen> seen = new ArrayList<>();
    try {
      for (JsonNode each : tree) {
        seen.add(MAPPER.treeToValue(each, Seen.class));
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "The data-order record cannot be read: " + e.getOriginalMessage(), e);
    }
    return List.copyOf(seen);
  }
}
