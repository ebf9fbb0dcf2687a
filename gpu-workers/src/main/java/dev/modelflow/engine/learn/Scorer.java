package dev.modelflow.engine.learn;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.LibTorch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;

/** Log-probabilities of targets under fixed weights, without gradients. */
public final class Scorer {
  private final Decoder decoder;
  private final Parameters parameters;
  private final Lanes lanes;

  /** A scorer under these weights, as they are at each call. */
  public Scorer(Decoder decoder, Parameters parameters, Lanes lanes) {
    this.decoder = decoder;
    this.parameters = parameters;
    this.lanes = lanes;
  }

  /**
   * For each part, at temperature 1, the log-probabilities of its targets in the order of
   * positions. Of a part's rows as many go through the model at once as the device may have.
   */
  public List<float[]> logProbs(List<PackedRows> parts) {
    int most = LibTorch.device().tokensAtOnce();
    List<List<PackedRows>> cut = parts.stream().map(part -> part.parts(most)).toList();
    Iterator<float[]> scores = scores(cut.stream().flatMap(List::stream).toList()).iterator();
    List<float[]> logProbs = new ArrayList<>();
    for (List<PackedRows> pieces : cut) {
      logProbs.add(joined(pieces.stream().map(_ -> scores.next()).toList()));
    }
    return logProbs;
  }

  private List<float[]> scores(List<PackedRows> pieces) {
    List<List<float[]>> byLane =
        lanes.run(
            lane -> {
              List<float[]> scores = new ArrayList<>();
              try (Weights weights =
                  Weights.forInference(decoder.config(), parameters, decoder.precision())) {
                for (int i = lane; i < pieces.size(); i += lanes.count()) {
                  scores.add(score(weights, pieces.get(i)));
                  lanes.goesOn();
                }
              }
              return scores;
            });
    return IntStream.range(0, pieces.size())
        .mapToObj(i -> byLane.get(i % lanes.count()).get(i / lanes.count()))
        .toList();
  }

  private static float[] joined(List<float[]> pieces) {
    float[] joined = new float[pieces.stream().mapToInt(piece -> piece.length).sum()];
    int at = 0;
    for (float[] piece : pieces) {
      System.arraycopy(piece, 0, joined, at, piece.length);
      at += piece.length;
    }
    return joined;
  }

  private float[] score(Weights weights, PackedRows rows) {
    try (PointerScope _ = new PointerScope()) {
      return new Head(
              decoder.hidden(weights, rows.tokens(), rows.positions(), rows.length()),
              weights,
              rows,
              1)
          .logProbs();
    }
  }
}
