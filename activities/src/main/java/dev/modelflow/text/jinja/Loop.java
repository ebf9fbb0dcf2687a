package dev.modelflow.text.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loop as its body sees it. As in Jinja it goes on with its rounds, and looks ahead only where it
 * is asked what comes: a condition may read what the rounds before have set.
 */
final class Loop implements Value {
  private Iterator<Value> rest;
  private int index0 = -1;
  private @Nullable Value before;
  private @Nullable Value current;
  private @Nullable Value after;
  private @Nullable Integer length;

  Loop(Iterator<Value> all) {
    rest = all;
  }

  /** Begins the next round; null: there is none. */
  @Nullable Value next() {
    Value next = ahead();
    if (next != null) {
      after = null;
      before = current;
      current = next;
      index0++;
    }
    return next;
  }

  private @Nullable Value ahead() {
    if (after == null && rest.hasNext()) {
      after = rest.next();
    }
    return after;
  }

  private int length() {
    if (length == null) {
      List<Value> all = new ArrayList<>();
      rest.forEachRemaining(all::add);
      rest = all.iterator();
      length = index0 + 1 + (after == null ? 0 : 1) + all.size();
    }
    return length;
  }

  Value attribute(String name, int line) {
    return switch (name) {
      case "index" -> new Whole(index0 + 1L);
      case "index0" -> new Whole(index0);
      case "revindex" -> new Whole((long) length() - index0);
      case "revindex0" -> new Whole((long) length() - index0 - 1);
      case "first" -> new Truth(index0 == 0);
      case "last" -> new Truth(ahead() == null);
      case "length" -> new Whole(length());
      case "previtem" -> before == null ? Absent.UNDEFINED : before;
      case "nextitem" -> {
        Value next = ahead();
        yield next == null ? Absent.UNDEFINED : next;
      }
      // What calls itself in rounds is not computed.
      case "depth" -> new Whole(1);
      case "depth0" -> new Whole(0);
      default -> throw Values.refused("reads '.%s' of".formatted(name), this, line);
    };
  }
}
