package dev.modelflow.recipe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** What random recipes are drawn with. */
final class Draws {
  private final Random random;

  Draws(Random random) {
    this.random = random;
  }

  /** From 0 to below 1, in thousandths that YAML writes short. */
  double share() {
    return random.nextInt(900) / 1000.0;
  }

  long between(long least, long most) {
    return random.nextLong(least, most + 1);
  }

  <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** Once in {@code n} times. */
  boolean onceIn(int n) {
    return random.nextInt(n) == 0;
  }

  /** A few letters and digits, which YAML may take for a number. */
  String word() {
    return random
        .ints(1 + random.nextInt(6), 0, 36)
        .mapToObj(digit -> Integer.toString(digit, 36))
        .reduce("", String::concat);
  }

  static void times(int count, Runnable work) {
    Stream.generate(() -> work).limit(count).forEach(Runnable::run);
  }

  static Map<String, Object> with(Map<String, Object> block, Object... pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      block.put((String) pairs[i], pairs[i + 1]);
    }
    return block;
  }

  /** The same with every block's keys in another order. */
  Map<String, Object> shuffled(Map<?, ?> map) {
    List<Object> keys = new ArrayList<>(map.keySet());
    Collections.shuffle(keys, random);
    Map<String, Object> shuffled = new LinkedHashMap<>();
    for (Object key : keys) {
      Object value = map.get(key);
      shuffled.put(key.toString(), value instanceof Map<?, ?> block ? shuffled(block) : value);
    }
    return shuffled;
  }
}
