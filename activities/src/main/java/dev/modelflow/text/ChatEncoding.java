package dev.modelflow.text;

import dev.modelflow.text.AddedNames.Found;
import dev.modelflow.text.jinja.Text;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tokens of what a template has written. The names of special tokens become these where all of
 * their characters stood in the template. The text between them is encoded as a whole, but for the
 * place where an answer begins.
 */
final class ChatEncoding {
  private final Tokenizer tokenizer;
  private final Text written;
  private final String file;

  /** Where each special token stands. */
  private final TreeMap<Integer, Found> specials = new TreeMap<>();

  /** Where the content of each turn stands first. */
  private final Map<Integer, Span> contents = new HashMap<>();

  /** The turns whose content stands in several places. */
  private final BitSet inPieces = new BitSet();

  /**
   * An encoding.
   *
   * @param written the contents' sources are their turns' numbers, from 1
   * @param file that has the template
   */
  ChatEncoding(Tokenizer tokenizer, Text written, String file) {
    this.tokenizer = tokenizer;
    this.written = written;
    this.file = file;
    int end;
    for (int at = 0; at < size(); at = end) {
      end = runEnd(at);
      if (written.source(at) == Text.TEMPLATE) {
        for (Found found : tokenizer.specialsIn(written.chars().substring(at, end))) {
          specials.put(at + found.start(), moved(found, at));
        }
      } else if (contents.putIfAbsent(written.source(at), new Span(at, end)) != null) {
        inPieces.set(written.source(at));
      }
    }
  }

  private static Found moved(Found found, int by) {
    return new Found(found.start() + by, found.end() + by, found.token());
  }

  private int size() {
    return written.chars().length();
  }

  /** Where the characters of the same source end that begin here. */
  private int runEnd(int begin) {
    int end = begin;
    while (end < size() && written.source(end) == written.source(begin)) {
      end++;
    }
    return end;
  }

  /** A stretch of what is written. */
  private record Span(int from, int to) {}

  /** The tokens, with those of the assistant's turns marked. */
  ChatTokens of(List<Message> messages) {
    BitSet spoken = new BitSet();
    TreeSet<Integer> cuts = new TreeSet<>(List.of(0, size()));
    for (int turn = 1; turn <= messages.size(); turn++) {
      if (messages.get(turn - 1).role().equals(Message.ASSISTANT)) {
        said(turn)
            .ifPresent(
                span -> {
                  cuts.add(span.from());
                  cuts.add(span.to());
                  spoken.set(span.from(), span.to());
                });
      }
    }
    specials.forEach((at, found) -> cuts.addAll(List.of(at, found.end())));
    return encoded(new ArrayList<>(cuts), spoken);
  }

  private ChatTokens encoded(List<Integer> cuts, BitSet spoken) {
    IntList ids = new IntList(64);
    BitSet marks = new BitSet();
    for (int i = 0; i + 1 < cuts.size(); i++) {
      int from = cuts.get(i);
      int before = ids.size();
      Found special = specials.get(from);
      if (special == null) {
        ids.addAll(tokenizer.encode(written.chars().substring(from, cuts.get(i + 1))));
      } else {
        ids.add(special.token().id());
      }
      marks.set(before, ids.size(), spoken.get(from));
    }
    boolean[] assistant = new boolean[ids.size()];
    for (int i = 0; i < assistant.length; i++) {
      assistant[i] = marks.get(i);
    }
    return new ChatTokens(ids.toArray(), assistant);
  }

  /** A turn's content with what ends it; nothing where the template leaves the content out. */
  private Optional<Span> said(int turn) {
    return content(turn)
        .map(span -> new Span(span.from(), end(span.to()).map(Found::end).orElse(span.to())));
  }

  /** Whether the template writes the content of this turn. */
  boolean writes(int turn) {
    return content(turn).isPresent();
  }

  /** What is written behind the content of this turn, up to the token that ends it. */
  Optional<Text> ending(int turn) {
    return content(turn)
        .flatMap(span -> end(span.to()).map(found -> written.part(span.to(), found.end())));
  }

  /**
   * The token that ends an answer whose content ends here: the first special one in the template's
   * text behind it, if an answer may end with that.
   */
  private Optional<Found> end(int contentEnd) {
    Map.Entry<Integer, Found> next = specials.ceilingEntry(contentEnd);
    boolean behind =
        next != null
            && (next.getKey() == contentEnd
                || (written.source(contentEnd) == Text.TEMPLATE
                    && runEnd(contentEnd) >= next.getValue().end()));
    return behind && tokenizer.specials().ends().contains(next.getValue().token().id())
        ? Optional.of(next.getValue())
        : Optional.empty();
  }

  private Optional<Span> content(int turn) {
    if (inPieces.get(turn)) {
      throw new TextException(
          "The chat template in %s writes the content of turn %d in several pieces, so that it cannot be learnt"
              .formatted(file, turn));
    }
    return Optional.ofNullable(contents.get(turn));
  }
}
