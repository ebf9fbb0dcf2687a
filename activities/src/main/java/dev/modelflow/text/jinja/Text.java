package dev.modelflow.text.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A text of which every character knows where it came from; equal to one of equal characters. */
public final class Text implements Value {
  /** The source of what stands in the template. */
  public static final int TEMPLATE = 0;

  static final Text EMPTY = of("");

  private final String chars;
  private final int[] sources;

  private Text(String chars, int[] sources) {
    this.chars = chars;
    this.sources = sources;
  }

  /** A text of the template. */
  public static Text of(String chars) {
    return of(chars, TEMPLATE);
  }

  /** A text from somewhere. */
  public static Text of(String chars, int source) {
    int[] sources = new int[chars.length()];
    Arrays.fill(sources, source);
    return new Text(chars, sources);
  }

  /** This and then the other. */
  public Text plus(Text other) {
    return joined(List.of(this, other));
  }

  static Text joined(List<Text> parts) {
    StringBuilder chars = new StringBuilder();
    parts.forEach(part -> chars.append(part.chars));
    int[] sources = new int[chars.length()];
    int at = 0;
    for (Text part : parts) {
      System.arraycopy(part.sources, 0, sources, at, part.sources.length);
      at += part.sources.length;
    }
    return new Text(chars.toString(), sources);
  }

  /** The characters. */
  public String chars() {
    return chars;
  }

  /** Where the character at this place came from. */
  public int source(int at) {
    return sources[at];
  }

  int length() {
    return chars.length();
  }

  boolean isEmpty() {
    return chars.isEmpty();
  }

  /** The characters from the first place until the second. */
  public Text part(int from, int to) {
    return new Text(chars.substring(from, to), Arrays.copyOfRange(sources, from, to));
  }

  Text part(int from) {
    return part(from, length());
  }

  /** Python counts code points. */
  int points() {
    return chars.codePointCount(0, chars.length());
  }

  /** One of them. */
  Text point(int place) {
    int from = chars.offsetByCodePoints(0, place);
    return part(from, chars.offsetByCodePoints(from, 1));
  }

  /** Those at these places, in this order. */
  Text points(int[] places) {
    int[] starts = starts();
    StringBuilder taken = new StringBuilder();
    IntStream.Builder from = IntStream.builder();
    for (int place : places) {
      for (int at = starts[place]; at < starts[place + 1]; at++) {
        taken.append(chars.charAt(at));
        from.add(sources[at]);
      }
    }
    return new Text(taken.toString(), from.build().toArray());
  }

  /** Where each code point begins, and the last one ends. */
  private int[] starts() {
    int[] starts = new int[points() + 1];
    for (int i = 1; i < starts.length; i++) {
      starts[i] = chars.offsetByCodePoints(starts[i - 1], 1);
    }
    return starts;
  }

  List<Value> eachPoint() {
    List<Value> points = new ArrayList<>();
    int next;
    for (int at = 0; at < chars.length(); at = next) {
      next = chars.offsetByCodePoints(at, 1);
      points.add(part(at, next));
    }
    return points;
  }

  /** Without white space at its ends, where asked for. */
  Text stripped(boolean left, boolean right) {
    return stripped(left, right, point -> point <= Character.MAX_VALUE && isSpace((char) point));
  }

  /** Without such code points at its ends, where asked for. */
  Text stripped(boolean left, boolean right, IntPredicate off) {
    int from = 0;
    int to = chars.length();
    while (left && from < to && off.test(chars.codePointAt(from))) {
      from = chars.offsetByCodePoints(from, 1);
    }
    while (right && to > from && off.test(chars.codePointBefore(to))) {
      to = chars.offsetByCodePoints(to, -1);
    }
    return part(from, to);
  }

  /** White space as Python has it; none of it needs two characters. */
  static boolean isSpace(char c) {
    return (c >= '\t' && c <= '\r')
        || (c >= '\u001c' && c <= ' ')
        || c == '\u0085'
        || c == '\u00a0'
        || c == '\u1680'
        || (c >= '\u2000' && c <= '\u200a')
        || c == '\u2028'
        || c == '\u2029'
        || c == '\u202f'
        || c == '\u205f'
        || c == '\u3000';
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Text text && text.chars.equals(chars);
  }

  @Override
  public int hashCode() {
    return chars.hashCode();
  }

  @Override
  public String toString() {
    return chars;
  }
}
