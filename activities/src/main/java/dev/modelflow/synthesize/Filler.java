package dev.modelflow.synthesize;

import java.util.ArrayList;
import java.util.List;

/**
 * Sentences between the facts of a {@link NeedleText}. They are fixed, as in the noise haystack of
 * RULER (arXiv 2404.06654): sentences with random words in equal places would punish a small model
 * for copying what stood there before, which is what the facts are to teach it. Each is shorter
 * than the runs of words by which curation knows a question again.
 */
final class Filler {
  static final List<String> SENTENCES =
      List.of(
          "The bus stopped here before noon.",
          "My brother found his coat.",
          "Nobody had heard the bell that morning.",
          "The teacher wrote to her aunt.",
          "The baker opens his shop at six.",
          "Two old friends met at the station.",
          "The train was late again.",
          "She put the basket down.",
          "A cat slept under the kitchen bench.",
          "The doctor came back after lunch.",
          "They painted the fence last summer.",
          "His uncle sells used bicycles.",
          "The library closes early on Fridays.",
          "Everyone liked the soup very much.",
          "The children built a small hut.",
          "A guest left his umbrella behind.",
          "The farmer repaired his cart by himself.",
          "It took an hour to cross.",
          "Our neighbours keep three noisy geese.",
          "The museum shows pictures of harbours.",
          "The clock is always slow.",
          "She learned to swim at seven.",
          "The postman knows every dog by name.",
          "Dinner will be ready soon.",
          "The writer lost his pen.",
          "He carried the ladder through the garden.",
          "A stranger asked for the way.",
          "The lamp does not work.",
          "The singer practised every evening.",
          "Somebody must have closed the window.",
          "The path behind the mill is steep.",
          "We sold the piano.",
          "The driver drank a cup of tea.",
          "It was too cold to sit outside.",
          "The twins keep a parrot.",
          "The bridge is very old.",
          "A painter lives above the pharmacy.",
          "They counted the chairs twice.",
          "The story ends with a wedding.");

  private Filler() {}

  /**
   * Random sentences, each ending with a line feed, none again before all have been there.
   *
   * @param characters the least length of all together
   */
  static List<String> draw(Draws draws, int characters) {
    List<String> filler = new ArrayList<>();
    int left = characters;
    while (left > 0) {
      for (String sentence : draws.sample(SENTENCES, SENTENCES.size())) {
        if (left > 0) {
          filler.add(sentence + "\n");
          left -= sentence.length() + 1;
        }
      }
    }
    return filler;
  }
}
