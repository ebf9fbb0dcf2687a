package dev.modelflow.text.jinja;

/** What a rendering may take at most, so that no template takes a process with it. */
final class Budget {
  private static final int MOST_LEVELS = 300;
  private static final int MOST_CHARACTERS = 1 << 23;
  private static final long MOST_WORK = 1L << 25;

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
    if (count > MOST_CHARACTERS) {
      throw new JinjaException(line, "writes more than %d characters".formatted(MOST_CHARACTERS));
    }
    work(count, line);
  }

  void work(long steps, int line) {
    work += steps;
    if (work > MOST_WORK) {
      throw new JinjaException(line, "takes more than %d steps".formatted(MOST_WORK));
    }
  }
}
