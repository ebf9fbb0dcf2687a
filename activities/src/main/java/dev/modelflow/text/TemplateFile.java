package dev.modelflow.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The chat template that a folder in Hugging Face's layout has of its own: {@code
 * chat_template.jinja}, else what {@code tokenizer_config.json} says.
 */
public final class TemplateFile {
  /** Where newer folders have their template, in the place of {@code tokenizer_config.json}. */
  public static final String NAME = "chat_template.jinja";

  static final String KEY = "chat_template";

  /** Of several templates with names, the one that counts where nobody names another. */
  private static final String DEFAULT = "default";

  private TemplateFile() {}

  /** Where both files are there, the one of its own counts, as in transformers. */
  public static Path source(Path folder) {
    Path own = folder.resolve(NAME);
    return Files.exists(own) ? own : folder.resolve(TokenizerConfig.FILE);
  }

  /**
   * The folder's own template; empty where it has none.
   *
   * @throws TextException when the file that should say it cannot be read, or has several templates
   *     and none that is the default
   */
  public static Optional<String> read(Path folder) {
    Path source = source(folder);
    return Files.exists(source) ? of(source) : Optional.empty();
  }

  /**
   * The template that this one of the two files has; empty where it has none.
   *
   * @throws TextException as {@link #read} does
   */
  public static Optional<String> of(Path file) {
    return file.endsWith(NAME) ? Optional.of(text(file)) : of(file, Json.read(file).path(KEY));
  }

  /**
   * What a copy of this folder's model in another form says of its chats: the folder's own
   * template; that of the flow where nothing beside the model speaks of one, as in a checkpoint;
   * empty where {@code tokenizer_config.json} is there and has none.
   */
  public static Optional<String> readOrFlows(Path folder) {
    return Files.exists(source(folder)) ? read(folder) : Optional.of(ChatTemplate.JINJA);
  }

  /**
   * Whether the models of two folders write conversations alike, also what the tokens are called.
   */
  public static boolean same(Path folder, Path other) {
    return readOrFlows(folder).equals(readOrFlows(other))
        && NamedTokens.of(folder).equals(NamedTokens.of(other));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new TextException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static Optional<String> of(Path source, JsonNode said) {
    if (said.isMissingNode() || said.isNull()) {
      return Optional.empty();
    }
    if (said.isString()) {
      return Optional.of(said.asString());
    }
    for (JsonNode each : said) {
      if (each.path("name").asString("").equals(DEFAULT) && each.path("template").isString()) {
        return Optional.of(each.path("template").asString());
      }
    }
    throw new TextException(
        "%s has several chat templates and none of the name '%s': keep the one that the model was tuned with"
            .formatted(source, DEFAULT));
  }
}
