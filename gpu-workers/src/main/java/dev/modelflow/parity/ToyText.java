package dev.modelflow.parity;

import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Message;
import dev.modelflow.text.SpecialIds;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A tokenizer, and texts as it and the chat template write them. */
final class ToyText {
  private static final String TRAINED_ON =
      """
      The order of the words in a sentence is not always the order of the thoughts behind it.
      What one language puts first another puts last, and both are understood. The reader of the
      second sentence has the first in mind, and the writer of the first knows that there will be
      a second; so each of them leaves something out that the other will put there in reading.
      """;

  private static final List<String> TEXTS =
      List.of(
          "The order of thoughts",
          "  two  spaces\tand\n\n lines \r\n",
          "12345 + 678.9 = 13,024.9",
          "I'LL don't we're ſtrange",
          "Grüße, 世界! 🙂👩‍👩‍👧 é e\u0301 \u200b\u00a0x",
          "<|endoftext|> said as text",
          "");

  /** Where cuts, names and normal forms meet. */
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
          "1234567",
          "=",
          "...",
          "'s",
          "'LL",
          "ſtrange",
          "\u00a0",
          "\u3000",
          "\u0085",
          "日本",
          "🙂",
          "²",
          "Ⅻ",
          "٣",
          "_",
          "<|",
          "|||",
          "<|im_end|>",
          "|||EMAIL_ADDRESS|||");

  private static final int MANY = 500;
  private static final int MOST_PARTS = 12;

  private static final List<Message> CONVERSATION =
      List.of(
          new Message("system", "Answer in one word."),
          Message.user("What comes first?"),
          Message.assistant("Order."),
          Message.user("And then?\n"),
          Message.assistant("Thoughts."));

  private static final List<Message> ASKED = CONVERSATION.subList(0, 2);

  private final Tokenizer tokenizer;

  private final List<String> texts;

  private ToyText(Tokenizer tokenizer, List<String> texts) {
    this.tokenizer = tokenizer;
    this.texts = texts;
  }

  /** A few texts as a small tokenizer of so many tokens writes them. */
  static ToyText trained(int vocabulary) {
    WordCounts counts = new WordCounts();
    counts.add(TRAINED_ON);
    return new ToyText(TokenizerTrainer.train(counts, vocabulary), TEXTS);
  }

  /** The same and many random ones as this tokenizer writes them. */
  static ToyText many(Tokenizer tokenizer) {
    List<String> texts = new ArrayList<>(TEXTS);
    for (int i = 0; i < MANY; i++) {
      CounterRandom random = CounterRandom.of(5, "texts").at(i);
      StringBuilder text = new StringBuilder();
      for (int part = 0; part <= i % MOST_PARTS; part++) {
        text.append(PARTS.get(random.below(PARTS.size(), part)));
      }
      texts.add(text.toString());
    }
    return new ToyText(tokenizer, texts);
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  /** Texts and a conversation with their tokens, by the names of {@code inputs.json}. */
  Map<String, Object> encoded() {
    ChatTemplate template = ChatTemplate.flows(tokenizer);
    Map<String, Object> encoded = new LinkedHashMap<>();
    encoded.put("texts", texts);
    encoded.put("textTokens", texts.stream().map(text -> list(withSpecials(text))).toList());
    encoded.put(
        "conversation",
        CONVERSATION.stream()
            .map(message -> Map.of("role", message.role(), "content", message.content()))
            .toList());
    encoded.put("conversationTokens", list(template.render(CONVERSATION).ids()));
    encoded.put("promptTokens", list(template.prompt(ASKED)));
    SpecialIds specials = tokenizer.specials();
    encoded.put(
        "specials",
        Map.of(
            "endOfText", specials.endOfText(),
            "messageEnd", specials.messageEnd(),
            "padding", specials.padding()));
    return encoded;
  }

  /** Some of the texts, and the conversation's beginning. */
  List<int[]> prompts() {
    Stream<int[]> few = TEXTS.stream().filter(text -> !text.isEmpty()).map(tokenizer::encode);
    return Stream.concat(few, Stream.of(ChatTemplate.flows(tokenizer).prompt(ASKED))).toList();
  }

  /** Hugging Face's tokenizers read names of special tokens as these tokens. */
  private int[] withSpecials(String text) {
    return tokenizer.encodeWithSpecials(text);
  }

  private static List<Integer> list(int[] tokens) {
    return Arrays.stream(tokens).boxed().toList();
  }
}
