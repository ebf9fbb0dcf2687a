package dev.modelflow.engine.stage;

import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.GenerationConfig;
import dev.modelflow.text.Json;
import dev.modelflow.text.SpecialIds;
import dev.modelflow.text.TokenizerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a published folder says beside its model and an import does not take over: its chat template
 * and how it answers. Stages write conversations in the flow's own template, and releases say what
 * fits that.
 */
final class LeftBehind {
  /** Notes of whoever wrote the file; they change no answer. */
  private static final Set<String> NOTES = Set.of("transformers_version", "_from_model_config");

  private LeftBehind() {}

  /** A sentence for each that differs from what the flow has in its place. */
  static List<String> of(Path folder) throws IOException {
    List<String> sentences = new ArrayList<>();
    Path source = templateFile(folder);
    String template = template(source);
    if (template != null && !template.strip().equals(ChatTemplate.JINJA)) {
      sentences.add(
          "%s has another chat template than the flow, in which the stages after it write conversations: train with sft before you talk to a release of it"
              .formatted(source));
    }
    Set<String> keys = generationKeys(folder);
    if (!keys.isEmpty()) {
      sentences.add(
          "%s says otherwise of %s than a release of this flow will: pass what you need of it when you generate"
              .formatted(folder.resolve(GenerationConfig.FILE), String.join(", ", keys)));
    }
    return sentences;
  }

  /** Where both are there, the file of its own counts, as in transformers. */
  private static Path templateFile(Path folder) {
    Path own = folder.resolve(ChatTemplate.FILE);
    return Files.exists(own) ? own : folder.resolve(TokenizerConfig.FILE);
  }

  /** Null: none. Several templates with names are given as they stand, as JSON. */
  private static @Nullable String template(Path source) throws IOException {
    if (!Files.exists(source)) {
      return null;
    }
    if (source.endsWith(ChatTemplate.FILE)) {
      return Files.readString(source);
    }
    JsonNode template = Json.read(source).path("chat_template");
    if (template.isMissingNode() || template.isNull()) {
      return null;
    }
    return template.isString() ? template.asString() : template.toString();
  }

  private static Set<String> generationKeys(Path folder) {
    Path file = folder.resolve(GenerationConfig.FILE);
    if (!Files.exists(file)) {
      return Set.of();
    }
    JsonNode said = Json.read(file);
    JsonNode own = JsonMapper.shared().valueToTree(GenerationConfig.of(SpecialIds.read(folder)));
    Set<String> keys = new TreeSet<>(said.propertyNames());
    keys.addAll(own.propertyNames());
    keys.removeAll(NOTES);
    keys.removeIf(key -> same(key, said.path(key), own.path(key)));
    return keys;
  }

  /** A key that is null is one that is not there; tokens that end an answer have no order. */
  private static boolean same(String key, JsonNode said, JsonNode own) {
    if (key.equals("eos_token_id")) {
      return tokens(said).equals(tokens(own));
    }
    return said.equals(own) || (said.isNull() && own.isMissingNode());
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
