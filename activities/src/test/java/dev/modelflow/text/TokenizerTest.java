package dev.modelflow.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
  private final Tokenizer tokenizer = SampleTokenizer.create();

  @Property(tries = 2000)
  void decodingGivesBackEveryText(@ForAll("texts") String text) {
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
  }

  @Test
  void decodingGivesBackEveryCharacter() {
    assertThat(AllCharacters.texts())
        .allMatch(text -> tokenizer.decode(tokenizer.encode(text)).equals(text));
  }

  @Test
  void anUnpairedSurrogateIsAQuestionMark() {
    assertThat(tokenizer.decode(tokenizer.encode("a\ud83d b\ude00"))).isEqualTo("a? b?");
  }

  @Property
  void piecesCoverTheTextWithoutGapOrOverlap(@ForAll("texts") String text) {
    StringBuilder joined = new StringBuilder();
    Cut.TRAINED.cut(
        text,
        (start, end) -> {
          assertThat(start).isEqualTo(joined.length());
          assertThat(end).isGreaterThan(start);
          joined.append(text, start, end);
        });
    assertThat(joined.toString()).isEqualTo(text);
  }

  @Property
  void everyDigitIsATokenOfItsOwn(@ForAll int number) {
    int[] ids = tokenizer.encode(String.valueOf(number));
    assertThat(ids).hasSize(String.valueOf(number).length());
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> anything =
        Arbitraries.strings()
            .all()
            .ofMaxLength(60)
            .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    Arbitrary<String> likely =
        Arbitraries.of(
                " ",
                "\n",
                "\t",
                "  ",
                "the",
                "river",
                "É",
                "7",
                "42",
                "=",
                "...",
                "<|pad|>",
                "<|endoftext|>",
                "\u00a0",
                "\u3000",
                "e\u0301",
                "日本",
                "🙂",
                "🚀",
                "\r\n",
                "²")
            .list()
            .ofMaxSize(12)
            .map(parts -> String.join("", parts));
    return Arbitraries.oneOf(anything, likely);
  }

  @Test
  void agreesWithHuggingFaceOnEveryId(@TempDir Path folder) throws IOException {
    Path file = tokenizer.write(folder);
    try (HuggingFaceReference reference = new HuggingFaceReference(file)) {
      for (String text : strings()) {
        int[] expected = reference.encode(text);
        assertThat(tokenizer.encodeWithSpecials(text)).as(text).isEqualTo(expected);
        assertThat(reference.decode(expected)).isEqualTo(tokenizer.decodeWithSpecials(expected));
      }
    }
  }

  private static List<String> strings() {
    List<String> strings = new ArrayList<>(SampleTokenizer.TEXTS);
    strings.add("");
    strings.add("a\n\n  b\t \n");
    strings.add("<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n4<|endoftext|><|pad|>");
    strings.add("x<|im_start|> <|nothing|> <||> 12³ ½ Ⅻ ١٢٣");
    strings.add("=".repeat(3000) + " ".repeat(500) + "the".repeat(400));
    Random random = new Random(7);
    List<String> parts = new ArrayList<>();
    SampleTokenizer.TEXTS.forEach(text -> Collections.addAll(parts, text.split("\\b")));
    Collections.addAll(parts, " ", "  ", "\n", "\u00a0", "\u0085", "\u2028", "é", "9", "🙂", "_");
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        text.append(parts.get(random.nextInt(parts.size())));
      }
      strings.add(text.toString());
    }
    return strings;
  }

  @Test
  void readsWhatItWrote(@TempDir Path folder) throws IOException {
    Path file = tokenizer.write(folder);
    Tokenizer read = Tokenizer.read(folder);
    assertThat(read.merges()).isEqualTo(tokenizer.merges());
    byte[] first = Files.readAllBytes(file);
    read.write(folder);
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
  }

  @Test
  void specialTokensInDocumentsStayText() {
    String text = "say <|endoftext|> now";
    int[] ids = tokenizer.encode(text);
    assertThat(ids).doesNotContain(SpecialIds.TRAINED.endOfText());
    assertThat(tokenizer.decode(ids)).isEqualTo(text);
  }

  @Test
  void theOrderOfTheCorpusDoesNotMatter() {
    List<String> reversed = new ArrayList<>(SampleTokenizer.TEXTS);
    Collections.reverse(reversed);
    WordCounts counts = new WordCounts();
    reversed.forEach(
        text -> {
          WordCounts part = new WordCounts();
          for (int i = 0; i < 3; i++) {
            part.add(text);
          }
          counts.add(part);
        });
    assertThat(TokenizerTrainer.train(counts, 600).merges()).isEqualTo(tokenizer.merges());
  }

  @Test
  void learnsTheMostFrequentPairFirst() {
    WordCounts counts = new WordCounts();
    counts.add("low low low low low lower lower newest newest newest newest newest newest");
    List<String> texts = TokenizerTrainer.train(counts, 260 + 3).alphabetTexts().subList(260, 263);
    // "es" and "st" stand six times each, "we" eight times: "lowe" twice and "newest" six times.
    assertThat(texts.getFirst()).isEqualTo("we");
  }

  /** Few letters in many orders: every pair is made in as many ways as there are. */
  @Property(tries = 300)
  void noTwoTokensHaveTheSameBytes(
      @ForAll @Size(min = 1, max = 60)
          List<@StringLength(min = 1, max = 40) @Chars({'a', 'b'}) String> words) {
    assertDistinct(words, 2);
  }

  /** Runs of one letter merge from the left, in odd and even lengths. */
  @Property(tries = 100)
  void runsMakeNoTokenTwice(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 70) Integer> runs) {
    assertDistinct(runs.stream().map("a"::repeat).toList(), 3);
  }

  @Test
  void namesOfSpecialTokensInTheCorpusMakeNoTokenOfTheirName() {
    assertDistinct(
        List.of("<|endoftext|>", "<|im_start|> <|im_end|>", "a<|pad|>", "|>|>", "<|<|"), 50);
  }

  private static void assertDistinct(List<String> texts, int times) {
    WordCounts counts = new WordCounts();
    for (int i = 0; i < times; i++) {
      texts.forEach(counts::add);
    }
    Tokenizer trained = TokenizerTrainer.train(counts, 2000);
    assertThat(trained.alphabetTexts()).doesNotHaveDuplicates();
  }

  @Test
  void refusesAVocabularyThatCannotHoldTheBytes() {
    assertThatThrownBy(() -> TokenizerTrainer.train(new WordCounts(), 100))
        .hasMessage("A vocabulary of 100 is not possible: expected 260 to 262144");
  }
}
