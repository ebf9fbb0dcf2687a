package dev.modelflow.engine.stage;

import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.GenerationConfig;
import dev.modelflow.text.Json;
import dev.modelflow.text.TemplateFile;
import dev.modelflow.text.TextException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a published folder says beside its model and a release of it will not: a chat template that
 * is not taken over, since stages then write conversations in the flow's own, and of how it answers
 * what no import takes over.
 */
final class LeftBehind {
  private static final long MOST_BYTES = 16 << 20;

  /** Notes of whoever wrote the file; they change no answer. */
  private static final Set<String> NOTES = Set.of("transformers_version", "_from_model_config");

  private LeftBehind() {}

  /**
   * A sentence for each that differs from what a release will say in its place.
   *
   * @param template whether the chat template is taken over
   * @param generation what it will say of how the model answers
   */
  static List<String> of(Path folder, boolean template, Map<String, Object> generation) {
    return Stream.of(
            template
                ? Optional.<String>empty()
                : sentence(TemplateFile.source(folder), LeftBehind::ofTemplate),
            sentence(folder.resolve(GenerationConfig.FILE), file -> ofGeneration(file, generation)))
        .flatMap(Optional::stream)
        .toList();
  }

  private interface Look {
    Optional<String> at(Path file) throws IOException;
  }

  /** A model is imported all the same where what is beside it cannot be read. */
  private static Optional<String> sentence(Path file, Look look) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MOST_BYTES) {
        return Optional.of(
            "%s is not looked at: it has more than %d MB".formatted(file, MOST_BYTES >> 20));
      }
      return look.at(file);
    } catch (IOException | TextException unreadable) {
      return Optional.of(
          "%s is not looked at, since it cannot be read: %s"
              .formatted(file, unreadable.getMessage()));
    }
  }

  private static Optional<String> ofTemplate(Path file) {
    return TemplateFile.read(folder(file))
        .filter(template -> !template.strip().equals(ChatTemplate.JINJA))
        .map(
            _ ->
                "%s has another chat template than the flow, in which the stages after it write conversations: name it in 'files' to go on in it, or train with sft before you talk to a release of it"
                    .formatted(file));
  }

  private static Path folder(Path file) {
    return file.resolveSibling("");
  }

  private static Optional<String> ofGeneration(Path file, Map<String, Object> generation) {
    Set<String> keys = generationKeys(file, generation);
    return keys.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s says otherwise of %s than a release of this flow will: pass what you need of it when you generate"
                .formatted(file, String.join(", ", keys)));
  }

  private static Set<String> generationKeys(Path file, Map<String, Object> generation) {
    JsonNode said = Json.read(file);
    JsonNode own = JsonMapper.shared().valueToTree(generation);
    Set<String> keys = new TreeSet<>(said.propertyNames());
    keys.addAll(own.propertyNames());
    keys.removeAll(NOTES);
    keys.removeIf(key -> same(key, said.path(key), own.path(key)));
    return keys;
  }

  /**
   * A key that is null is one that is not there, and a temperature that is not there is 1; what
   * else is not there is said by whoever answers. Numbers are what they are worth, and tokens that
   * end an answer have no order.
   */
  private static boolean same(String key, JsonNode said, JsonNode own) {
    boolean silent = said.isNull() || said.isMissingNode();
    return switch (key) {
      case "eos_token_id" -> tokens(said).equals(tokens(own));
      case "temperature" -> silent ? own.asDouble() == 1 : equal(said, own);
      case "top_k", "top_p", "max_new_tokens" -> silent || equal(said, own);
      default -> (silent && own.isMissingNode()) || equal(said, own);
    };
  }

  private static boolean equal(JsonNode said, JsonNode own) {
    return said.equals(own)
        || (said.isNumber() && own.isNumber() && said.asDouble() == own.asDouble());
  }

  private static Set<Integer> tokens(JsonNode ids) {
    Set<Integer> tokens = new TreeSet<>();
    if (ids.isNumber()) {
      tokens.add(ids.asInt());
    }
    ids.forEach(id -> tokens.add(id.asInt(-1)));
    return tokens;
  }
}
