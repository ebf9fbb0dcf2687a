package dev.modelflow.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has a stage wait after its first step, and then make steps only while a round is asked for, so
 * that others can be measured in between. {@code round SECONDS} is a line that asks for one; it is
 * answered with a line of JSON, a {@link Round}. Any other line ends the stage.
 */
final class Turns extends ProgressOnly {
  private static final String ROUND = "round ";

  private final BufferedReader asked;
  private final PrintStream answers;
  private String last = "";
  private boolean over;
  private boolean begun;
  private double wanted;
  private long start;
  private long tokensBefore;

  Turns(BufferedReader asked, PrintStream answers) {
    this.asked = asked;
    this.answers = answers;
  }

  /** The line that ended the stage; empty where the asking ended. */
  String last() {
    return last;
  }

  @Override
  public void progress(int step, int totalSteps, long tokens, double tokensPerSecond) {
    double seconds = (System.nanoTime() - start) / 1e9;
    if (over || (begun && seconds < wanted)) {
      return;
    }
    if (begun) {
      answer(new Round(tokens - tokensBefore, seconds));
    }
    await();
    begun = true;
    tokensBefore = tokens;
    start = System.nanoTime();
  }

  private void answer(Round round) {
    answers.println(JsonMapper.shared().writeValueAsString(round));
    answers.flush();
  }

  private void await() {
    try {
      String line = asked.readLine();
      if (line != null && line.startsWith(ROUND)) {
        wanted = Double.parseDouble(line.substring(ROUND.length()));
      } else {
        last = line == null ? "" : line;
        over = true;
      }
    } catch (IOException gone) {
      throw new UncheckedIOException("Nobody asks any more", gone);
    }
  }

  @Override
  public boolean stopRequested() {
    return over;
  }
}
