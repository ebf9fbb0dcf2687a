package dev.modelflow.curate;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HtmlPageTest {
  @Test
  void takesALineABlock() {
    String html =
        """
        <html><head><title>T</title><style>p {}</style></head><body>
        <nav>Overview</nav><script>var x;</script>
        <h1>Class   <b>Strings</b></h1>
        <div>Works on&nbsp;<code>String</code>s.<p>Never
          null.</div>
        <ul><li>one</li><li>two</li></ul>
        <table><tr><td>int</td><td>length &lt; 3</td></tr></table>
        <pre> if (a) {
           b();
         }</pre>
        </body></html>
        """;
    assertThat(HtmlPage.text(html))
        .isEqualTo(
            """
            Class Strings
            Works on Strings.
            Never null.
            one
            two
            int
            length < 3
             if (a) {
               b();
             }"""
                .strip());
  }

  @Property(tries = 200)
  void readsAnyInput(@ForAll String html) {
    assertThat(HtmlPage.text(html)).isNotNull();
  }
}
