package dev.modelflow.engine.evaluate;

import dev.modelflow.engine.data.PackedAnswers;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.data.TokenSetDocuments;
import dev.modelflow.engine.learn.Scorer;
import dev.modelflow.text.TokenSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Bits per byte of held-out documents: the bits a model needs for all of a document's tokens, its
 * end included, over the bytes of its text; the mean over bytes, with documents as samples. The
 * yardstick is a model that knows only how often each token occurs in these very documents.
 */
public final class HeldOutText {
  private static final int PIECES_AT_ONCE = 64;
  private static final double LN2 = Math.log(2);

  private final TokenSet tokens;
  private final int documents;

  /** The first documents of the set, about {@code most} tokens of them. */
  public HeldOutText(TokenSet tokens, long most) {
    this.tokens = tokens;
    int count = 0;
    for (long read = 0; count < tokens.documents() && read < most; count++) {
      read += tokens.length(count);
    }
    documents = count;
  }

  /** How many documents are read. */
  public int documents() {
    return documents;
  }

  /** UTF-8 bytes of each document. */
  public double[] bytes() {
    double[] bytes = new double[documents];
    for (int document = 0; document < documents; document++) {
      bytes[document] = tokens.bytes(document);
    }
    return bytes;
  }

  /**
   * Bits that the model needs for each document, read in pieces of at most {@code pieceLength}
   * tokens.
   */
  public double[] bits(Scorer scorer, int pieceLength) {
    TokenSetDocuments source = new TokenSetDocuments(tokens);
    List<Sequence> pieces = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    for (int document = 0; document < documents; document++) {
      int length = source.length(document);
      for (int offset = 0; offset < length; offset += pieceLength) {
        int size = Math.min(pieceLength, length - offset);
        pieces.add(source.sequence(document, offset, size));
        owners.add(document);
      }
    }
    return bits(scorer, pieces, owners, pieceLength);
  }

  private double[] bits(
      Scorer scorer, List<Sequence> pieces, List<Integer> owners, int pieceLength) {
    List<PackedAnswers> parts = new ArrayList<>();
    for (int from = 0; from < pieces.size(); from += PIECES_AT_ONCE) {
      int to = Math.min(pieces.size(), from + PIECES_AT_ONCE);
      parts.add(PackedAnswers.of(pieces.subList(from, to), pieceLength));
    }
    List<PackedRows> rows = parts.stream().map(PackedAnswers::rows).toList();
    List<float[]> logProbs = scorer.logProbs(rows);
    double[] bits = new double[documents];
    for (int part = 0; part < parts.size(); part++) {
      float[] scores = logProbs.get(part);
      for (int i = 0; i < scores.length; i++) {
        int piece = part * PIECES_AT_ONCE + parts.get(part).owner(i);
        bits[owners.get(piece)] -= scores[i] / LN2;
      }
    }
    return bits;
  }

  /** Bits of each document by the frequency of its tokens in all of these documents. */
  public double[] unigramBits() {
    Map<Integer, Integer> counts = new HashMap<>();
    int total = 0;
    for (int document = 0; document < documents; document++) {
      for (int token : tokens.document(document)) {
        counts.merge(token, 1, Integer::sum);
        total++;
      }
    }
    double[] bits = new double[documents];
    for (int document = 0; document < documents; document++) {
      for (int token : tokens.document(document)) {
        int count = counts.getOrDefault(token, 1);
        bits[document] -= Math.log((double) count / total) / LN2;
      }
    }
    return bits;
  }
}
