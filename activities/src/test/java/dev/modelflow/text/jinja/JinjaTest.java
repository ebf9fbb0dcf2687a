package dev.modelflow.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What templates write is compared with transformers in {@code ChatGoldenTest}. */
class JinjaTest {
  private static final List<String> PARTS =
      List.of(
          "{%",
          "%}",
          "{{",
          "}}",
          "{#",
          "#}",
          "-",
          "+",
          "if",
          "for",
          "in",
          "set",
          "endif",
          "endfor",
          "else",
          "elif",
          "endset",
          "messages",
          "m",
          "ns",
          "loop",
          "'a'",
          "\"",
          "\\",
          "1",
          "~",
          "|",
          "length",
          "list",
          "first",
          "join",
          "tojson",
          "selectattr",
          "role",
          "[",
          "]",
          "(",
          ")",
          ".",
          ",",
          ":",
          "is",
          "not",
          "none",
          "==",
          "<",
          "=",
          "//",
          "%",
          "*",
          "é",
          "🙂",
          "\n",
          "{% for m in messages %}",
          "{% endfor %}",
          "{{ m.content",
          "{% if m %}",
          "{% endif %}",
          "{% set ns = namespace(a=[]) %}",
          "{% set ns.a = ns.a + [m] %}");

  private static Text render(String template) {
    Map<String, Value> turn = new LinkedHashMap<>();
    turn.put("role", Text.of("user"));
    turn.put("content", Text.of("said", 1));
    return Jinja.read(template)
        .render(Map.of("messages", Value.Items.of(List.of(new Value.Fields(turn)))));
  }

  /** A source for each character. */
  private static String sources(Text text) {
    StringBuilder sources = new StringBuilder();
    for (int i = 0; i < text.chars().length(); i++) {
      sources.append(text.source(i));
    }
    return sources.toString();
  }

  @Test
  void everyCharacterKnowsWhetherItStoodInTheTemplate() {
    Text text = render("<{{ messages[0].content }}>");
    assertThat(text.chars()).isEqualTo("<said>");
    assertThat(sources(text)).isEqualTo("011110");
    text = render("{{ ('a' + messages[0].content ~ 1).replace('i', 'II') | trim | tojson }}");
    assertThat(text.chars()).isEqualTo("\"asaIId1\"");
    assertThat(sources(text)).isEqualTo("001100100");
    text =
        render("{% set c %}{{ messages[0].content }}-{% endset %}{{ c.split('a') | join(c[:2]) }}");
    assertThat(text.chars()).isEqualTo("ssaid-");
    assertThat(sources(text)).isEqualTo("111110");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{{ 'a' | upper }}; line 1 has the filter 'upper', which is none of length, count,",
        "{{ 'a'.upper() }}; line 1 has the method 'upper', which is none of get, items,",
        "{{ 1 is prime }}; line 1 has the test 'prime', which is none of defined,",
        "{{ range(3) }}; line 1 has the function 'range', which is none of raise_exception,",
        "{% macro m() %}{% endmacro %}; line 1 has the block 'macro', which is none of if, for, set",
        "{% if strftime_now is defined %}{% endif %}; line 1 uses 'strftime_now', which is not",
        "{{ {'a': 1} }}; line 1 has '{' in an expression",
        "{{ messages.__class__ }}; line 1 reads '.__class__', which is Python's",
        "{{ messages[0].items }}; line 1 reads '.items', which is Python's",
        "{{ 1.5 }}; line 1 has the number '1': write a whole one",
        "{{ 'a\\q' }}; line 1 has the escape '\\q' in a text",
        "{{ 2 ** 3 }}; line 1 has '**' in an expression",
        "{{ messages }}; line 1 writes a list",
        "{{ missing.field }}; line 1 reads '.field' of something undefined",
        "{{ 'a' + none }}; line 1 has '+' between a text and none",
        "{% if messages | selectattr('role') %}a{% endif %}; line 1 asks whether there is what a",
        "{{ raise_exception('No ' ~ 1) }}; line 1 raises: No 1",
        "{{ 'a' }; line 1 has '}' in an expression",
        "{% if 1 %}; line 1 has the end where 'elif' or 'else' or 'endif' should be",
        "{% set loop = 1 %}; line 1 sets 'loop', which Jinja has itself",
        "{% for m in messages %}{{ loop | length }}{% endfor %}; line 1 takes the length of a loop",
        "{% for m in messages %}{{ loop is mapping }}{% endfor %}; line 1 asks 'mapping' of a loop",
        "{% for m in messages %}{{ 'index' in loop }}{% endfor %}; line 1 looks into a loop",
        "{% for m in messages %}{{ loop.x }}{% endfor %}; line 1 reads '.x' of a loop",
        "{{ messages | selectattr('role') | last }}; line 1 takes the last of what a filter has",
        "{{ [messages | selectattr('role')] }}; line 1 keeps what a filter has selected",
        "{% set ns = namespace(a=messages | items) %}; line 1 takes the items of a list",
        "{% set ns = namespace(a=messages[0] | items) %}; line 1 keeps what a filter has selected",
        "{{ (1, 2) + [3] }}; line 1 has '+' between a tuple and a list",
        "{{ messages[0].items()[0] }}; line 1 reads an item of a mapping's items",
        "{{ [namespace(a=1)] | map(attribute='a') | join }}; line 1 selects by '.a' of a namespace",
      })
  void whatIsNotComputedIsRefusedInASentence(String template, String sentence) {
    assertThatThrownBy(() -> render(template))
        .isInstanceOf(JinjaException.class)
        .hasMessageStartingWith(sentence);
  }

  @Test
  void theSentenceNamesTheLine() {
    assertThatThrownBy(() -> render("a\n{% if 1 %}\n\n{{ 'a' | upper }}{% endif %}"))
        .hasMessageStartingWith("line 4 has the filter 'upper'");
    assertThatThrownBy(() -> render("a\n{{ 'b\n' }}\n{# c"))
        .hasMessage("line 4 begins a comment that does not end");
  }

  @Test
  void noTemplateTakesAProcessWithIt() {
    assertRefused(
        "{{ " + "(".repeat(10_000) + ")".repeat(10_000) + " }}", "is nested deeper than 60 levels");
    assertRefused("{{ " + "not ".repeat(10_000) + "1 }}", "is nested deeper than 60 levels");
    assertRefused("{% if 1 %}".repeat(10_000), "is nested deeper than 60 levels");
    assertRefused("{{ 1" + " + 1".repeat(10_000) + " }}", "is nested deeper than 300 levels");
    assertRefused(
        "{% set ns = namespace(a='aaaaaaaa') %}" + "{% set ns.a = ns.a ~ ns.a %}".repeat(60),
        "writes more than 8388608 characters");
    assertRefused(
        "{% set a = 'aaaaaaaaaa' %}"
            + "{% for x in a %}".repeat(12)
            + "{% set y = x %}"
            + "{% endfor %}".repeat(12),
        "takes more than 67108864 steps");
    assertRefused(
        "{% set n = namespace(a=[]) %}{% for i in '"
            + "x".repeat(200)
            + "' %}{% set n.a = [n.a] %}{% endfor %}{{ n.a | tojson }}",
        "writes JSON deeper than 100 levels");
  }

  private static final String TEXT =
      "{% set ns = namespace(a='aaaaaaaa') %}" + "{% set ns.a = ns.a ~ ns.a %}".repeat(20);

  /** Before its objects are there. */
  @Test
  void whatIsTooMuchIsRefusedBeforeItIsMade() {
    assertRefused(
        "{% set a = [1] %}" + "{% set a = [a, a] %}".repeat(60) + "{{ a | tojson }}",
        "takes more than 67108864 steps");
    for (String all :
        List.of(
            "{% for x in ns.a %}{% endfor %}",
            "{{ ns.a.split('a') | length }}", "{{ ns.a | list | length }}", "{{ ns.a | join }}")) {
      assertRefused(TEXT + all, "takes more than 67108864 steps");
    }
    assertRefused(
        TEXT + "{{ ns.a[4194303:] in ns.a[4194302:] ~ 'b' }}", "takes more than 67108864 steps");
    assertThat(render(TEXT + "{{ ns.a[::-2] | length }}{{ ns.a[-1] }}").chars())
        .isEqualTo("4194304a");
  }

  /** What it takes grows with the text, and not with the text times its turns. */
  @Test
  void longConversationsAreWritten() {
    Map<String, Value> turn = Map.of("content", Text.of("12345 789\n".repeat(250), 1));
    Value turns = Value.Items.of(Collections.nCopies(400, new Value.Fields(turn)));
    String template = "{% for m in messages %}<{{ m.content }}{{ '>' }}{% endfor %}";
    assertThat(Jinja.read(template).render(Map.of("messages", turns)).chars()).hasSize(1_000_800);
  }

  private static void assertRefused(String template, String sentence) {
    assertThatThrownBy(() -> render(template))
        .isInstanceOf(JinjaException.class)
        .hasMessage("line 1 " + sentence);
  }

  /** Whatever is written as a template is rendered or refused. */
  @Test
  void nothingButARefusalIsThrown() {
    Random random = new Random(5);
    int rendered = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder template = new StringBuilder();
      for (int part = random.nextInt(20); part >= 0; part--) {
        template.append(PARTS.get(random.nextInt(PARTS.size())));
        template.append(random.nextBoolean() ? " " : "");
      }
      try {
        render(template.toString());
        rendered++;
      } catch (JinjaException refused) {
        assertThat(refused.getMessage()).startsWith("line ");
      }
    }
    assertThat(rendered).isBetween(1_000, 19_000);
  }
}
