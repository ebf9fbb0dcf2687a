package dev.modelflow.engine.data;

import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.text.SpecialToken;
import dev.modelflow.text.TokenSet;
import java.util.ArrayList;
import java.util.List;

/** Walks through one source's documents in a new random order every epoch. */
final class SourceCursor {
  private final TokenSet tokens;
  private final CounterRandom random;
  private int epoch;
  private int next;
  private int[] order;

  SourceCursor(String name, TokenSet tokens, long seed) {
    if (tokens.documents() == 0) {
      throw new IllegalArgumentException(
          "Source '" + name + "' has no documents: take it out of the mix");
    }
    this.tokens = tokens;
    this.random = CounterRandom.of(seed, "order of " + name);
    order = random.at(0).permutation(tokens.documents());
  }

  /** The pieces of the next document, cut where it is longer than a row. */
  List<Piece> next(int rowLength) {
    if (next == order.length) {
      epoch++;
      next = 0;
      order = random.at(epoch).permutation(tokens.documents());
    }
    int document = order[next++];
    int length = tokens.length(document);
    List<Piece> pieces = new ArrayList<>();
    for (int offset = 0; offset < length; offset += rowLength) {
      pieces.add(new Piece(tokens, document, offset, Math.min(rowLength, length - offset)));
    }
    return pieces;
  }

  /** Part of a document. */
  record Piece(TokenSet tokens, int document, int offset, int length) {
    /**
     * The piece as the model reads it: each token's predecessor is read (an end-of-text token
     * before a document's first) and the token itself is the target.
     */
    Sequence sequence() {
      long start = tokens.start(document) + offset;
      int[] read = new int[length];
      int[] targets = tokens.tokens(start, length);
      read[0] = offset == 0 ? SpecialToken.END_OF_TEXT.id() : tokens.token(start - 1);
      System.arraycopy(targets, 0, read, 1, length - 1);
      return new Sequence(read, targets);
    }
  }
}
