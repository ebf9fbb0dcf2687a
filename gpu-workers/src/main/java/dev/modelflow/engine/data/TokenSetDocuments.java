package dev.modelflow.engine.data;

import dev.modelflow.text.TokenSet;
import java.util.Map;
import java.util.Set;

/**
 * The documents of a token set as the model reads them: each token's predecessor is read (an
 * end-of-text token before a document's first) and the token itself is the target, so that every
 * token of a document is predicted.
 */
public final class TokenSetDocuments implements Documents {
  private final TokenSet tokens;

  /** The documents of this token set. */
  public TokenSetDocuments(TokenSet tokens) {
    this.tokens = tokens;
  }

  @Override
  public int count() {
    return tokens.documents();
  }

  @Override
  public int length(int document) {
    return tokens.length(document);
  }

  @Override
  public Sequence sequence(int document, int offset, int length) {
    long start = tokens.start(document) + offset;
    int[] targets = tokens.tokens(start, length);
    int[] read = new int[length];
    read[0] = offset == 0 ? tokens.endOfText() : tokens.token(start - 1);
    System.arraycopy(targets, 0, read, 1, length - 1);
    return new Sequence(read, targets);
  }

  @Override
  public Map<Integer, String> ids(Set<Integer> documents) {
    return tokens.ids(documents);
  }
}
