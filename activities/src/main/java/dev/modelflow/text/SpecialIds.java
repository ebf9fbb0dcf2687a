package dev.modelflow.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * A tokenizer's ids of the special tokens.
 *
 * @param endOfText of {@link SpecialToken#END_OF_TEXT}
 * @param messageStart of {@link SpecialToken#MESSAGE_START}
 * @param messageEnd of {@link SpecialToken#MESSAGE_END}
 * @param padding of {@link SpecialToken#PADDING}
 */
public record SpecialIds(int endOfText, int messageStart, int messageEnd, int padding) {
  /** Those of every tokenizer that curate trains. */
  public static final SpecialIds TRAINED = new SpecialIds(0, 1, 2, 3);

  /**
   * Those of a {@code tokenizer.json}, given the file or its folder. Reads no further than they
   * stand, so that it takes little also where the vocabulary is large.
   *
   * @throws TextException naming the token that the file lacks
   */
  public static SpecialIds read(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve(Tokenizer.FILE) : path;
    try (JsonParser parser = Json.MAPPER.createParser(Files.newInputStream(file))) {
      return of(TokenizerJsonReader.added(file, addedTokens(parser)), file.toString());
    } catch (NoSuchFileException missing) {
      throw new TextException("There is no file " + file, missing);
    } catch (JacksonException damaged) {
      throw new TextException(
          "Cannot read " + file + " as JSON: " + damaged.getOriginalMessage(), damaged);
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot read " + file, failure);
    }
  }

  /** Those that end an answer: the end of a text, and of a message. */
  public List<Integer> ends() {
    return List.of(endOfText, messageEnd);
  }

  static SpecialIds of(List<AddedToken> added, String file) {
    Map<SpecialToken, Integer> ids = new EnumMap<>(SpecialToken.class);
    for (SpecialToken special : SpecialToken.values()) {
      ids.put(
          special,
          added.stream()
              .filter(token -> token.content().equals(special.text()))
              .map(AddedToken::id)
              .findFirst()
              .orElseThrow(
                  () ->
                      new TextException(
                          "%s has no added token '%s': the tokenizer must have it"
                              .formatted(file, special.text()))));
    }
    return new SpecialIds(
        ids.getOrDefault(SpecialToken.END_OF_TEXT, 0),
        ids.getOrDefault(SpecialToken.MESSAGE_START, 0),
        ids.getOrDefault(SpecialToken.MESSAGE_END, 0),
        ids.getOrDefault(SpecialToken.PADDING, 0));
  }

  private static JsonNode addedTokens(JsonParser parser) {
    if (parser.nextToken() == JsonToken.START_OBJECT) {
      for (String key = parser.nextName(); key != null; key = parser.nextName()) {
        parser.nextToken();
        if (key.equals("added_tokens")) {
          return parser.readValueAsTree();
        }
        parser.skipChildren();
      }
    }
    return Json.MAPPER.createArrayNode();
  }
}
