package dev.modelflow.text.jinja;

/** What a rendering may take at most, so that no template takes a process with it. */
final class Budget {
  private static final int MOST_LEVELS = 300;
  static final int MOST_CHARACTERS = 1 << 23;
  private static final long MOST_WORK = 1L << 26;

  /** What a piece of a text takes, in characters that are copied: its objects are as large. */
  private static final int PIECE = 32;

  /** Texts that are looked for are short; what longer ones take may be all of both. */
  private static final int SHORT = 64;

  private long work;
  private int level;

  /** Begins to compute a part of a template; {@link #leave} ends it. */
  void enter(int line) {
    work(1, line);
    if (++level > MOST_LEVELS) {
      throw new JinjaException(line, "is nested deeper than %d levels".formatted(MOST_LEVELS));
    }
  }

  void leave() {
    level--;
  }

  /** A text of so many characters is made. */
  void characters(long count, int line) {
    requireFits(count, line);
    work(count, line);
  }

  /** Refuses a text of more characters than may be. */
  void requireFits(long count, int line) {
    if (count > MOST_CHARACTERS) {
      throw new BoundException(line, "writes more than %d characters".formatted(MOST_CHARACTERS));
    }
  }

  /** So many texts are made. */
  void pieces(long count, int line) {
    work(count * PIECE, line);
  }

  /** A text is looked for in another. */
  void search(Text all, Text wanted, int line) {
    work((long) all.length() * (wanted.length() > SHORT ? wanted.length() : 1), line);
  }

  void work(long steps, int line) {
    work += steps;
    if (work > MOST_WORK) {
      throw new BoundException(line, "takes more than %d steps".formatted(MOST_WORK));
    }
  }
}
