package dev.modelflow.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells whether an output answers a prompt. In a conversation the asked form is one line of work
 * and a line with the answer, such as {@code 38+90=821}, {@code answer 128}, and the turn must end
 * there; a completion must give the answer as its first line, white space around it aside.
 */
public final class Verifier {
  private static final Pattern FORM = Pattern.compile("\\d+\\+\\d+=\\d+\nanswer (\\d{1,9})");
  private static final Pattern ANSWER = Pattern.compile("(?:^|\n)answer (\\d{1,9})\\z");

  /**
   * What is known about an output.
   *
   * @param formed whether it has the asked form
   * @param correct whether it gives the answer
   */
  public record Verdict(boolean formed, boolean correct) {}

  private Verifier() {}

  /**
   * Judges an output.
   *
   * @param output what the model said, without special tokens
   * @param ended whether it ended by itself: in a conversation an output that was cut off is never
   *     right
   */
  public static Verdict check(Prompt prompt, String output, boolean ended) {
    return switch (prompt.form()) {
      case CHAT -> chat(prompt.answer(), output, ended);
      case COMPLETION -> completion(prompt.answer(), output, ended);
    };
  }

  private static Verdict chat(String answer, String output, boolean ended) {
    Matcher found = ANSWER.matcher(output);
    boolean correct = ended && found.find() && found.group(1).equals(answer);
    return new Verdict(ended && FORM.matcher(output).matches(), correct);
  }

  private static Verdict completion(String answer, String output, boolean ended) {
    int end = output.indexOf('\n');
    String first = end < 0 ? output : output.substring(0, end);
    return new Verdict(end >= 0 || ended, first.strip().equals(answer));
  }
}
