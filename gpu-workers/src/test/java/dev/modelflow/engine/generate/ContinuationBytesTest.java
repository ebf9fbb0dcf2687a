package dev.modelflow.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ContinuationBytesTest {
  @Provide
  Arbitrary<List<List<Continuation>>> answers() {
    return Arbitraries.randomValue(
            random -> {
              int[] tokens = random.ints(random.nextInt(9), 0, 1 << 18).toArray();
              float[] logProbs = new float[tokens.length];
              for (int i = 0; i < logProbs.length; i++) {
                logProbs[i] = -random.nextFloat();
              }
              return new Continuation(tokens, logProbs, random.nextBoolean());
            })
        .list()
        .ofMaxSize(4)
        .list()
        .ofMaxSize(5);
  }

  @Property(tries = 200)
  void whatIsReadIsWhatWasWritten(@ForAll("answers") List<List<Continuation>> answers) {
    List<List<Continuation>> read = ContinuationBytes.read(ContinuationBytes.write(answers));
    assertThat(read).usingRecursiveComparison().withStrictTypeChecking().isEqualTo(answers);
  }
}
