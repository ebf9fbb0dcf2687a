package dev.modelflow.curate;

import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/**
 * The text of an HTML page: a line a block, white space collapsed but in preformatted text. Leaves
 * out what is never text (scripts, forms, navigation elements); other boilerplate is left to the
 * rules and to deduplication, which say what they removed.
 */
final class HtmlPage {
  private static final String NEVER_TEXT =
      "script, style, noscript, template, nav, header, footer, form, button, select, iframe, svg";

  private static final Set<String> EXTRA_BLOCKS = Set.of("br", "td", "th", "tr", "dt", "dd", "li");

  private HtmlPage() {}

  static String text(String html) {
    Element body = Jsoup.parse(html).body();
    body.select(NEVER_TEXT).remove();
    Lines lines = new Lines();
    NodeTraversor.traverse(lines, body);
    return lines.finish();
  }

  private static final class Lines implements NodeVisitor {
    private final StringBuilder out = new StringBuilder();
    private int preformatted;

    @Override
    public void head(Node node, int depth) {
      if (node instanceof TextNode text) {
        append(text.getWholeText());
      } else if (node instanceof Element element && isBlock(element)) {
        breakLine();
        preformatted += element.normalName().equals("pre") ? 1 : 0;
      }
    }

    @Override
    public void tail(Node node, int depth) {
      if (node instanceof Element element && isBlock(element)) {
        preformatted -= element.normalName().equals("pre") ? 1 : 0;
        breakLine();
      }
    }

    private static boolean isBlock(Element element) {
      return element.isBlock() || EXTRA_BLOCKS.contains(element.normalName());
    }

    private void append(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (preformatted > 0) {
          if (c != '\r') {
            out.append(c);
          }
        } else if (!Character.isWhitespace(c) && c != '\u00a0' && c != '\u200b') {
          out.append(c);
        } else if (!endsWithSpace()) {
          out.append(' ');
        }
      }
    }

    private boolean endsWithSpace() {
      return out.isEmpty() || Character.isWhitespace(out.charAt(out.length() - 1));
    }

    private void breakLine() {
      int end = out.length();
      while (end > 0 && out.charAt(end - 1) == ' ') {
        end--;
      }
      out.setLength(end);
      if (end > 0 && out.charAt(end - 1) != '\n') {
        out.append('\n');
      }
    }

    String finish() {
      return out.toString().strip();
    }
  }
}
