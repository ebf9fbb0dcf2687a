package dev.modelflow.text;

import java.util.List;

/** A small tokenizer, trained on a few sentences. */
final class SampleTokenizer {
  static final List<String> TEXTS =
      List.of(
          "entity: that which is perceived or known or inferred to have its own existence",
          "Tom has 38 apples and gets 90 more. How many apples does Tom have now?\n83+09=821\n",
          "public static String of(String text) {\n    return text == null ? \"\" : text;\n  }\n",
          "the man in the house by the river saw the moon over the river and the road\n\n\n",
          "naïve café – déjà vu, señor; Ελληνικά, русский, 日本語のテキスト 🙂🚀");

  private SampleTokenizer() {}

  static Tokenizer create() {
    WordCounts counts = new WordCounts();
    for (int i = 0; i < 3; i++) {
      TEXTS.forEach(counts::add);
    }
    return TokenizerTrainer.train(counts, 600);
  }
}
