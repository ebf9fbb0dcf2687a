package dev.modelflow.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Files of others: what is read as it is meant, and what is refused in a sentence. */
class TokenizerFileTest {
  private static final String TEXT =
      "I'll don't WE'RE 12345 the river\n\n  saw  <|im_start|><tools> x²\r\n \t";

  @TempDir private Path folder;
  private Path file;
  private Tokenizer trained;

  @BeforeEach
  void write() {
    trained = SampleTokenizer.create();
    file = trained.write(folder);
  }

  @Test
  void mergesMayBePairs() throws IOException {
    ObjectNode tree = (ObjectNode) Json.read(file);
    ObjectNode model = (ObjectNode) tree.path("model");
    ArrayNode pairs = Json.MAPPER.createArrayNode();
    for (JsonNode merge : model.path("merges")) {
      String[] sides = merge.asString("").split(" ", 2);
      pairs.add(Json.MAPPER.createArrayNode().add(sides[0]).add(sides[1]));
    }
    model.set("merges", pairs);
    Files.writeString(file, tree.toString());
    assertThat(Tokenizer.read(file).merges()).isEqualTo(trained.merges());
  }

  @Test
  void theCutOfGpt2IsRead() throws IOException {
    String regex = ("\"" + Gpt2Pieces.PATTERN + "\"").replace("\\", "\\\\");
    replace(("\"" + Pieces.PATTERN + "\"").replace("\\", "\\\\"), regex);
    assertThat(Tokenizer.read(file).cut()).isEqualTo(Cut.GPT2);
    assertSameAsHuggingFace();
  }

  @Test
  void theCutOfCl100kIsRead() throws IOException {
    String regex = ("\"" + Cl100kPieces.PATTERN + "\"").replace("\\", "\\\\");
    replace(("\"" + Pieces.PATTERN + "\"").replace("\\", "\\\\"), regex);
    assertThat(Tokenizer.read(file).cut()).isEqualTo(Cut.CL100K);
    assertSameAsHuggingFace();
  }

  @Test
  void addedTokensMayHaveAnyName() throws IOException {
    int id = trained.vocabularySize();
    replace(
        "\"added_tokens\" : [",
        """
        "added_tokens" : [ {"id": %d, "content": "<tools>", "single_word": false,
        "lstrip": false, "rstrip": false, "normalized": false, "special": false},"""
            .formatted(id));
    Tokenizer read = Tokenizer.read(file);
    assertThat(read.vocabularySize()).isEqualTo(id + 1);
    assertThat(read.encode("a<tools>")).endsWith(id);
    assertThat(read.role(id + 1)).isEqualTo(TokenRole.NONE);
    assertThat(read.decode(read.encode(TEXT))).isEqualTo(TEXT);
    assertSameAsHuggingFace();
    assertRefused(
        "\"id\": " + id,
        "\"id\": 700",
        "gives the added token '<tools>' the id 700: expected %d, which others give it"
            .formatted(id));
  }

  @Test
  void specialIdsAreReadWithoutTheVocabulary() throws IOException {
    assertThat(SpecialIds.read(folder)).isEqualTo(SpecialIds.TRAINED);
    replace("<|pad|>", "<|fill|>");
    assertThatThrownBy(() -> SpecialIds.read(file))
        .isInstanceOf(TextException.class)
        .hasMessage(file + " has no added token '<|pad|>': the tokenizer must have it");
  }

  @Test
  void aTemplateOfTheTextAloneChangesNothing() throws IOException {
    int[] ids = Tokenizer.read(file).encode("The order");
    replace(
        "\"post_processor\" : null",
        "\"post_processor\" : {\"type\": \"TemplateProcessing\", \"single\": [{\"Sequence\": {}}]}");
    assertThat(Tokenizer.read(file).encode("The order")).containsExactly(ids);
  }

  @Test
  void whatIsNotComputedExactlyIsRefused() throws IOException {
    String whole = Files.readString(file);
    assertRefused(
        "\"normalizer\" : null",
        "\"normalizer\" : {\"type\": \"NFC\"}",
        "has the normalizer NFC: only those without one can be read");
    Files.writeString(file, whole);
    assertRefused(
        "\"post_processor\" : null",
        "\"post_processor\" : {\"type\": \"TemplateProcessing\", \"single\":"
            + " [{\"SpecialToken\": {}}, {\"Sequence\": {}}]}",
        "has the post-processor TemplateProcessing: only those that add no token can be read");
    Files.writeString(file, whole);
    assertRefused(
        "\"byte_fallback\" : false",
        "\"byte_fallback\" : true",
        "has byte_fallback: only those without can be read");
    Files.writeString(file, whole);
    assertRefused("\\\\p{N}| ?", "\\\\d| ?", "cuts text by '\\d| ?\\p{L}+");
    Files.writeString(file, whole);
    assertRefused("\"lstrip\" : false", "\"lstrip\" : true", "'<|endoftext|>' with lstrip");
    Files.writeString(file, whole);
    assertRefused("\"!\" : 37", "\"!\" : 36", "gives the id 36 to ");
    Files.writeString(file, whole);
    assertRefused("\"!\" : 37,", "", "has no token for the byte 0x21");
    Files.writeString(file, whole);
    assertRefused("\"!\" : 37", "\"!\" : 99999999999", "'!' the id 99999999999: expected a whole");
  }

  private void assertRefused(String here, String instead, String message) throws IOException {
    replace(here, instead);
    assertThatThrownBy(() -> Tokenizer.read(file))
        .isInstanceOf(TextException.class)
        .hasMessageContaining(message);
  }

  private void replace(String here, String instead) throws IOException {
    String json = Files.readString(file);
    assertThat(json).contains(here);
    int at = json.indexOf(here);
    Files.writeString(file, json.substring(0, at) + instead + json.substring(at + here.length()));
  }

  private void assertSameAsHuggingFace() throws IOException {
    Tokenizer read = Tokenizer.read(file);
    try (HuggingFaceTokenizer reference =
        HuggingFaceTokenizer.newInstance(
            file, Map.of("addSpecialTokens", "false", "truncation", "false"))) {
      for (String text : List.of(TEXT, String.join("\n", SampleTokenizer.TEXTS))) {
        int[] expected =
            Arrays.stream(reference.encode(text, false, false).getIds())
                .mapToInt(id -> (int) id)
                .toArray();
        assertThat(read.encodeWithSpecials(text)).isEqualTo(expected);
      }
    }
  }
}
