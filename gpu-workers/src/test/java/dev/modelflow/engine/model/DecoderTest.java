package dev.modelflow.engine.model;

import static dev.modelflow.engine.model.OtherShapes.withHeadSize;
import static dev.modelflow.engine.model.OtherShapes.withTiedHead;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.learn.Scorer;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.Lanes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {
  /** Five layers, so that the last is full out of turn; YaRN on it and on the fourth. */
  private static final ModelConfig MODEL =
      new ModelConfig(5, 16, 2, 24, 40, 12, 4, 10_000, null).extended(4);

  private final Lanes lanes = new Lanes(1);
  private final Decoder decoder = new Decoder(MODEL, MODEL.context());
  private final Parameters weights =
      Parameters.initialized(new ParameterLayout(MODEL), new Initialization(0.5, 0.3, 0.5), 3);
  private final Scorer scorer = new Scorer(decoder, weights, lanes);
  private final CounterRandom random = CounterRandom.of(2, "documents");

  @AfterEach
  void free() {
    decoder.close();
    weights.close();
    lanes.close();
  }

  private int[] tokens(int document, int length) {
    int[] tokens = new int[length];
    for (int i = 0; i < length; i++) {
      tokens[i] = 4 + random.at(document).below(36, i);
    }
    return tokens;
  }

  private Sequence sequence(int document, int length) {
    int[] tokens = tokens(document, length + 1);
    int[] read = Arrays.copyOf(tokens, length);
    return new Sequence(read, Arrays.copyOfRange(tokens, 1, length + 1));
  }

  private float[] scores(List<List<Sequence>> rows, int length) {
    return scorer.logProbs(List.of(PackedRows.of(rows, length))).getFirst();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 11, 16, 40, 48})
  void everyLogProbabilityIsThatOfThePlainLoops(int length) {
    int[] tokens = tokens(length, length + 1);
    int[] read = Arrays.copyOf(tokens, length);
    int[] targets = Arrays.copyOfRange(tokens, 1, length + 1);

    double[] expected = new ReferenceDecoder(MODEL, weights).logProbs(read, targets);
    float[] actual = scores(List.of(List.of(new Sequence(read, targets))), length);
    for (int i = 0; i < length; i++) {
      assertThat((double) actual[i]).as("token %d", i).isCloseTo(expected[i], within(1e-4));
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void otherShapesScoreAsThePlainLoopsDo(ModelConfig variant) {
    int[] tokens = tokens(1, 33);
    int[] read = Arrays.copyOf(tokens, 32);
    int[] targets = Arrays.copyOfRange(tokens, 1, 33);
    try (Decoder other = new Decoder(variant, 32);
        Parameters start =
            Parameters.initialized(
                new ParameterLayout(variant), new Initialization(0.5, 0.3, 0.5), 3)) {
      double[] expected = new ReferenceDecoder(variant, start).logProbs(read, targets);
      PackedRows rows = PackedRows.of(List.of(List.of(new Sequence(read, targets))), 32);
      float[] actual = new Scorer(other, start, lanes).logProbs(List.of(rows)).getFirst();
      for (int i = 0; i < 32; i++) {
        assertThat((double) actual[i]).as("token %d", i).isCloseTo(expected[i], within(1e-4));
      }
    }
  }

  private static List<ModelConfig> variants() {
    ModelConfig fourHeads = new ModelConfig(5, 16, 4, 24, 40, 12, 4, 10_000, null).extended(4);
    return List.of(
        fourHeads.withKeyValueHeads(2),
        withHeadSize(fourHeads.withKeyValueHeads(1), 6),
        withTiedHead(withHeadSize(fourHeads, 8)),
        new ModelConfig(3, 16, 4, 24, 40, 12, 0, 10_000, null).withKeyValueHeads(2),
        MODEL.withExperts(new Experts(5, 2, 0.01, 0.001)),
        new ModelConfig(2, 16, 2, 24, 40, 12, 0, 10_000, null)
            .withExperts(new Experts(2, 2, 0, 0)));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 32})
  void packedDocumentsScoreAsIfEachStoodAlone(int rowLength) {
    List<Sequence> documents = List.of(sequence(1, 6), sequence(2, 3), sequence(3, 5));
    float[] packed = scores(List.of(documents), rowLength);

    List<Float> alone = new ArrayList<>();
    for (Sequence document : documents) {
      for (float score : scores(List.of(List.of(document)), document.length())) {
        alone.add(score);
      }
    }
    for (int i = 0; i < alone.size(); i++) {
      assertThat(packed[i]).isCloseTo(alone.get(i), within(1e-5f));
    }
  }

  /** The bias of such a row as a whole would have more values than an array of Java's. */
  @Test
  void rowsOfManyTokensScoreAsTheirDocumentsDo() {
    int each = 4_700;
    List<Sequence> documents = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      documents.add(sequence(i, each));
    }
    ModelConfig model = new ModelConfig(1, 16, 1, 24, 40, 10 * each, 0, 10_000, null);
    try (Decoder other = new Decoder(model, 10 * each);
        Parameters start =
            Parameters.initialized(
                new ParameterLayout(model), new Initialization(0.5, 0.3, 0.5), 3)) {
      Scorer manyTokens = new Scorer(other, start, lanes);
      PackedRows row = PackedRows.of(List.of(documents), 10 * each);
      PackedRows last = PackedRows.of(List.of(List.of(documents.getLast())), each);
      float[] packed = manyTokens.logProbs(List.of(row)).getFirst();
      float[] alone = manyTokens.logProbs(List.of(last)).getFirst();
      assertThat(Arrays.copyOfRange(packed, 9 * each, 10 * each))
          .containsExactly(alone, within(1e-5f));
    }
  }

  @Test
  void aDocumentSeesNothingOfItsNeighbours() {
    float[] one = scores(List.of(List.of(sequence(1, 6), sequence(2, 7), sequence(3, 5))), 18);
    float[] other = scores(List.of(List.of(sequence(7, 6), sequence(2, 7), sequence(9, 5))), 18);

    for (int i = 6; i < 13; i++) {
      assertThat(other[i]).isEqualTo(one[i]);
    }
    assertThat(other[2]).isNotEqualTo(one[2]);
  }

  @Test
  void aWindowSeesItsLastTokensAndNoMore() {
    float[] bias = AttentionBias.values(new int[] {0, 1, 2, 3, 0, 1}, 6, 3);
    float none = Float.NEGATIVE_INFINITY;
    assertThat(bias)
        .containsExactly(
            0, none, none, none, none, none, //
            0, 0, none, none, none, none, //
            0, 0, 0, none, none, none, //
            none, 0, 0, 0, none, none, //
            none, none, none, none, 0, none, //
            none, none, none, none, 0, 0);
  }

  @Test
  void blocksOfAWindowSeeTheSameAsWholeRows() {
    int[] positions = {0, 1, 2, 3, 4, 0, 1, 2};
    float[] whole = AttentionBias.values(positions, 8, 2);
    float[] blocks = AttentionBias.blockValues(positions, 2);
    for (int i = 0; i < 8; i++) {
      for (int j = 0; j < 8; j++) {
        int local = j - (i / 2 - 1) * 2;
        float inBlock = local < 0 || local >= 4 ? Float.NEGATIVE_INFINITY : blocks[i * 4 + local];
        assertThat(inBlock).as("%d sees %d", i, j).isEqualTo(whole[i * 8 + j]);
      }
    }
  }
}
