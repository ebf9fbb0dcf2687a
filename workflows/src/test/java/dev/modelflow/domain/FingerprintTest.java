package dev.modelflow.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static final Map<String, @Nullable Object> MODEL = Map.of("width", 128, "vocabulary", 64);

  @Property(tries = 100)
  void theOrderOfParametersDoesNotMatter(@ForAll @Size(max = 6) Map<String, Integer> parameters) {
    Map<String, @Nullable Object> backwards = new LinkedHashMap<>();
    List.copyOf(parameters.keySet())
        .reversed()
        .forEach(key -> backwards.put(key, parameters.get(key)));
    assertThat(fingerprint(backwards, "1")).isEqualTo(fingerprint(Map.copyOf(parameters), "1"));
  }

  @Property(tries = 100)
  void anotherSeedIsAnotherResult(@ForAll long seed) {
    Fingerprint one = new Fingerprint(StageKind.SFT, Map.of(), MODEL, seed, Map.of(), null, "1");
    Fingerprint other =
        new Fingerprint(StageKind.SFT, Map.of(), MODEL, seed + 1, Map.of(), null, "1");
    assertThat(one.digest()).isNotEqualTo(other.digest());
  }

  @Test
  void otherCodeIsAnotherResult() {
    assertThat(fingerprint(Map.of(), "1")).isNotEqualTo(fingerprint(Map.of(), "2"));
  }

  @Test
  void howManyProcessesShareAStageIsNoPartOfIt() {
    assertThat(fingerprint(Map.of("steps", 5, "ranks", 4), "1"))
        .isEqualTo(fingerprint(Map.of("steps", 5), "1"));
  }

  @Test
  void aWiderModelDoesNotRepeatTheCurationButAnotherVocabularyDoes() {
    assertThat(Fingerprint.modelOf(StageKind.CURATE, MODEL)).isEqualTo(Map.of("vocabulary", 64));
    assertThat(Fingerprint.modelOf(StageKind.SYNTHESIZE, MODEL)).isEmpty();
    assertThat(Fingerprint.modelOf(StageKind.PRETRAIN, MODEL)).isEqualTo(MODEL);
  }

  private static Digest fingerprint(
      Map<String, ? extends @Nullable Object> parameters, String code) {
    return new Fingerprint(
            StageKind.SFT, new LinkedHashMap<>(parameters), MODEL, 20, Map.of(), null, code)
        .digest();
  }
}
