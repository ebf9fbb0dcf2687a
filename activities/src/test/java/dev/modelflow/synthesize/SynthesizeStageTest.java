package dev.modelflow.synthesize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.text.Conversation;
import dev.modelflow.text.Document;
import dev.modelflow.text.JsonLines;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptContext;
import dev.modelflow.text.PromptForm;
import dev.modelflow.text.Verifier;
import dev.modelflow.worker.StageFailedException;
import dev.modelflow.worker.StageOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynthesizeStageTest {
  private static final Pattern WORK = Pattern.compile("(\\d\\d)\\+(\\d\\d)=");

  @TempDir Path folder;

  @Test
  void heldOutProblemsAreInNothingThatIsTrainedOn() {
    Map<String, StageOutput> outputs = run(folder, 7, parameters());
    Set<String> asked = new HashSet<>();
    for (Prompt question : questions(outputs)) {
      if (question.family().equals("sums")) {
        asked.add(sumOf(question.prompt()));
      } else if (question.family().equals("problems")) {
        asked.add(sumOf(question.answer()));
      } else if (question.form() == PromptForm.CHAT) {
        asked.add(sumOf(String.valueOf(question.solution())));
      }
    }
    assertThat(asked).hasSizeGreaterThan(300);
    List<Document> documents = documents(outputs);
    assertThat(documents.stream().flatMap(document -> sums(document.text())))
        .hasSizeGreaterThan(4000)
        .noneMatch(asked::contains);
    assertThat(
            Conversation.readAll(at(outputs, "conversations")).stream()
                .flatMap(conversation -> sums(conversation.messages().getLast().content())))
        .hasSize(500)
        .noneMatch(asked::contains);
    assertThat(
            Prompt.readAll(at(outputs, "prompts")).stream()
                .flatMap(prompt -> sums(String.valueOf(prompt.solution()))))
        .hasSize(500)
        .noneMatch(asked::contains);
  }

  @Property(tries = 300)
  void aProblemIsOnOneSideOfTheSplit(
      @ForAll @IntRange(min = 10, max = 99) int first,
      @ForAll @IntRange(min = 10, max = 99) int second,
      @ForAll @DoubleRange(min = 0.05, max = 0.9) double share,
      @ForAll long seed) {
    Problem problem = new Problem(first, second);
    assertThat(problem.isHeldOut(share)).isEqualTo(new Problem(second, first).isHeldOut(share));
    Draws draws = Draws.of(seed, "test", 0);
    assertThat(Problem.draw(draws, share, true).isHeldOut(share)).isTrue();
    assertThat(Problem.draw(draws, share, false).isHeldOut(share)).isFalse();
  }

  @Test
  void theSplitHasTheAskedSize() {
    long heldOut = 0;
    for (int first = 10; first < 100; first++) {
      for (int second = 10; second < 100; second++) {
        heldOut += new Problem(first, second).isHeldOut(0.2) ? 1 : 0;
      }
    }
    assertThat(heldOut / 8100.0).isBetween(0.18, 0.22);
  }

  @Test
  void everyGoodReplyIsVerified() {
    Map<String, StageOutput> outputs = run(folder, 7, parameters());
    for (Prompt prompt : Prompt.readAll(at(outputs, "prompts"))) {
      assertThat(Verifier.check(prompt, String.valueOf(prompt.solution()), true))
          .isEqualTo(new Verifier.Verdict(true, true));
    }
  }

  @Test
  void answersOfNeedlesStandInTheirTexts() {
    Map<String, StageOutput> outputs = run(folder, 7, parameters());
    List<Prompt> needles =
        questions(outputs).stream()
            .filter(question -> question.family().equals("needles"))
            .toList();
    assertThat(needles).hasSize(40);
    for (Prompt needle : needles) {
      String asked = needle.prompt().substring(needle.prompt().lastIndexOf("card "));
      assertThat(needle.prompt()).contains(asked + " " + needle.answer() + "\n");
      boolean isLong = needle.context() == PromptContext.NEW;
      assertThat(needle.prompt().length()).isBetween(isLong ? 1500 : 280, isLong ? 1700 : 400);
    }
  }

  @Test
  void sumsStandOnceAndAreRight() {
    List<String> texts =
        documents(run(folder, 7, parameters())).stream()
            .filter(document -> document.source().equals("sums"))
            .map(Document::text)
            .toList();
    assertThat(texts).doesNotHaveDuplicates().hasSize(3000);
    for (String text : texts) {
      String reversed = new StringBuilder(text.substring(6)).reverse().toString();
      int sum = Integer.parseInt(text.substring(0, 2)) + Integer.parseInt(text.substring(3, 5));
      assertThat(Integer.parseInt(reversed)).isEqualTo(sum);
    }
  }

  @Test
  void repeatsHaveTheAskedLengthAndPeriods() {
    List<Document> repeats =
        documents(run(folder, 7, parameters())).stream()
            .filter(document -> document.source().equals("repeats"))
            .toList();
    Set<Integer> periods = new HashSet<>();
    for (Document document : repeats) {
      List<String> items = List.of(document.text().substring(1).split(" ", -1));
      assertThat(items).hasSize(60);
      periods.add(period(items));
    }
    assertThat(periods).allMatch(period -> period <= 32).contains(2, 3, 5, 20, 31);
  }

  @Test
  void equalSeedsGiveEqualBytesAndOthersDoNot() throws IOException {
    run(Files.createDirectory(folder.resolve("one")), 7, parameters());
    run(Files.createDirectory(folder.resolve("two")), 7, parameters());
    run(Files.createDirectory(folder.resolve("other")), 8, parameters());
    for (String file :
        List.of(
            "documents/documents.jsonl.zst",
            "conversations/conversations.jsonl",
            "prompts/prompts.jsonl",
            "questions/prompts.jsonl")) {
      byte[] one = Files.readAllBytes(folder.resolve("one").resolve(file));
      assertThat(Files.readAllBytes(folder.resolve("two").resolve(file))).isEqualTo(one);
      assertThat(Files.readAllBytes(folder.resolve("other").resolve(file))).isNotEqualTo(one);
    }
  }

  @Test
  void moreOfOneFamilyChangesNoOther() {
    List<Document> few = documents(run(folder.resolve("few"), 7, parameters()));
    Map<String, Object> more = new TreeMap<>(parameters());
    more.put("repeats", Map.of("documents", 400, "shortest", 2, "longest", 32, "words", 60));
    List<Document> many = documents(run(folder.resolve("many"), 7, more));
    assertThat(many).hasSize(few.size() + 100);
    assertThat(new HashSet<>(many).containsAll(few)).isTrue();
  }

  @Test
  void questionsWithoutHeldOutProblemsAreRefused() {
    Map<String, Object> parameters = new TreeMap<>(parameters());
    parameters.put("heldOut", 0);
    assertThatThrownBy(() -> run(folder, 7, parameters))
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.failureClass()).isEqualTo(FailureClass.RECIPE))
        .hasMessage("heldOut is 0, but held-out questions are asked for: set it to e.g. 0.2");
  }

  static Map<String, Object> parameters() {
    return Map.of(
        "heldOut", 0.2,
        "repeats", Map.of("documents", 300, "shortest", 2, "longest", 32, "words", 60),
        "longRepeats", Map.of("documents", 10, "shortest", 16, "longest", 200, "words", 400),
        "sums", Map.of("documents", 3000),
        "problems", Map.of("documents", 3000),
        "needles", Map.of("documents", 50, "lines", 4, "shortest", 120, "longest", 300),
        "longNeedles", Map.of("documents", 20, "lines", 8, "shortest", 700, "longest", 1600),
        "conversations", 500,
        "prompts", 500,
        "questions", Map.of("sums", 200, "problems", 200, "needles", 20, "longNeedles", 20));
  }

  private static Map<String, StageOutput> run(
      Path folder, long seed, Map<String, Object> parameters) {
    return SynthesizeStage.run(parameters, seed, folder, line -> {});
  }

  private static Path at(Map<String, StageOutput> outputs, String name) {
    return Objects.requireNonNull(outputs.get(name)).folder();
  }

  private static List<Document> documents(Map<String, StageOutput> outputs) {
    return JsonLines.readAll(
        at(outputs, "documents").resolve("documents.jsonl.zst"), Document.class);
  }

  private static List<Prompt> questions(Map<String, StageOutput> outputs) {
    return Prompt.readAll(at(outputs, "questions"));
  }

  private static Stream<String> sums(String text) {
    return text.lines().filter(line -> WORK.matcher(line).lookingAt()).map(line -> sumOf(line));
  }

  /** The key of the sum that a text begins with, operands sorted. */
  private static String sumOf(String text) {
    Matcher matcher = WORK.matcher(text);
    assertThat(matcher.lookingAt()).as(text).isTrue();
    return Stream.of(matcher.group(1), matcher.group(2)).sorted().collect(Collectors.joining("+"));
  }

  private static int period(List<String> items) {
    int period = 1;
    while (!items.subList(period, items.size()).equals(items.subList(0, items.size() - period))) {
      period++;
    }
    return period;
  }
}
