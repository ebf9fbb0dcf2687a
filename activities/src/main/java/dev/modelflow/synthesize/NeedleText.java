package dev.modelflow.synthesize;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A text in which a few facts, such as {@code card red apple}, stand between sentences that say
 * nothing about them.
 *
 * @param body the text, ending with a line feed
 * @param facts the facts in the order in which they stand
 */
record NeedleText(String body, List<Fact> facts) {
  /**
   * One fact.
   *
   * @param key what is asked for
   * @param value the answer
   */
  record Fact(String key, String value) {
    String question() {
      return "card " + key;
    }

    String line() {
      return question() + " " + value + "\n";
    }
  }

  /**
   * A random text.
   *
   * @param lines the number of facts
   * @param characters about how long the body is
   */
  static NeedleText draw(Draws draws, int lines, int characters) {
    List<Fact> facts = new ArrayList<>();
    List<String> keys = draws.sample(Vocabulary.KEYS, lines);
    List<String> values = draws.sample(Vocabulary.VALUES, lines);
    for (int i = 0; i < lines; i++) {
      facts.add(new Fact(keys.get(i), values.get(i)));
    }
    int room = characters - facts.stream().mapToInt(fact -> fact.line().length()).sum();
    return new NeedleText(body(draws, facts, Filler.draw(draws, room)), facts);
  }

  private static String body(Draws draws, List<Fact> facts, List<String> filler) {
    List<Integer> places = new ArrayList<>();
    facts.forEach(fact -> places.add(draws.between(0, filler.size())));
    Collections.sort(places);
    StringBuilder body = new StringBuilder();
    int next = 0;
    for (int i = 0; i <= filler.size(); i++) {
      while (next < facts.size() && places.get(next) == i) {
        body.append(facts.get(next++).line());
      }
      if (i < filler.size()) {
        body.append(filler.get(i));
      }
    }
    return body.toString();
  }
}
