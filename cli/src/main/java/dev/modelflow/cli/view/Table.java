package dev.modelflow.cli.view;

import java.util.ArrayList;
import java.util.List;

/** Lines of cells, aligned. Columns whose header starts with {@code >} stand to the right. */
public final class Table {
  private final List<List<String>> lines = new ArrayList<>();
  private final List<Boolean> right;

  /** A table with these headers. */
  public Table(String... headers) {
    right = List.of(headers).stream().map(header -> header.startsWith(">")).toList();
    lines.add(List.of(headers).stream().map(it -> it.replaceFirst("^>", "")).toList());
  }

  /** Adds a line. */
  public void add(Object... cells) {
    lines.add(List.of(cells).stream().map(Object::toString).toList());
  }

  /** Whether there is nothing under the headers. */
  public boolean isEmpty() {
    return lines.size() == 1;
  }

  /** The lines, header first. */
  public List<String> render() {
    int[] widths = new int[right.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < line.size(); i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return lines.stream().map(line -> render(line, widths)).toList();
  }

  private String render(List<String> line, int[] widths) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < line.size(); i++) {
      String pad = " ".repeat(widths[i] - line.get(i).length());
      text.append(right.get(i) ? pad + line.get(i) : line.get(i) + pad).append("  ");
    }
    return text.toString().stripTrailing();
  }
}
