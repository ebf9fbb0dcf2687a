package dev.modelflow.synthesize;

import dev.modelflow.synthesize.SynthesizeParameters.Needles;
import dev.modelflow.synthesize.SynthesizeParameters.Repeats;
import dev.modelflow.text.Document;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The texts to learn from, each family under its own source. No held-out problem is in them. */
final class Families {
  /** Stands for a clock, so that equal work gives equal bytes. */
  private static final String MADE = "2026-11-01";

  private final long seed;
  private final SynthesizeParameters parameters;

  Families(long seed, SynthesizeParameters parameters) {
    this.seed = seed;
    this.parameters = parameters;
  }

  Stream<Document> documents() {
    return Stream.of(
            repeats("repeats", parameters.repeats()),
            repeats("long-repeats", parameters.longRepeats()),
            sums(),
            problems(),
            needles("needles", parameters.needles()),
            needles("long-needles", parameters.longNeedles()))
        .flatMap(stream -> stream);
  }

  private Stream<Document> repeats(String family, Repeats repeats) {
    return texts(family, repeats.documents(), draws -> repeat(draws, repeats));
  }

  /**
   * The period is log-uniform: with short ones alone, or long ones alone, copying is not learnt.
   */
  private static String repeat(Draws draws, Repeats repeats) {
    double ratio = (repeats.longest() + 1.0) / repeats.shortest();
    int period = (int) (repeats.shortest() * Math.pow(ratio, draws.share()));
    List<String> unit = new ArrayList<>();
    for (int i = 0; i < period; i++) {
      unit.add(" " + draws.pick(Vocabulary.ALPHABET));
    }
    return IntStream.range(0, repeats.words())
        .mapToObj(i -> unit.get(i % period))
        .collect(Collectors.joining());
  }

  /** Every sum at most once, in random order. */
  private Stream<Document> sums() {
    List<Problem> all = new ArrayList<>();
    for (int first = Problem.LEAST; first <= Problem.MOST; first++) {
      for (int second = Problem.LEAST; second <= Problem.MOST; second++) {
        Problem problem = new Problem(first, second);
        if (!problem.isHeldOut(parameters.heldOut())) {
          all.add(problem);
        }
      }
    }
    Draws draws = Draws.of(seed, "sums", 0);
    for (int i = all.size() - 1; i > 0; i--) {
      Collections.swap(all, i, draws.below(i + 1));
    }
    int count = Math.min(all.size(), parameters.sums().documents());
    return IntStream.range(0, count)
        .mapToObj(i -> document("sums", i, all.get(i).work(), all.get(i)));
  }

  private Stream<Document> problems() {
    return IntStream.range(0, parameters.problems().documents())
        .mapToObj(
            i -> {
              Draws draws = Draws.of(seed, "problems", i);
              WordProblem problem = WordProblem.draw(draws, parameters.heldOut(), false);
              String text = problem.question() + "\n" + problem.problem().work();
              return document("problems", i, text, problem.problem());
            });
  }

  private Stream<Document> needles(String family, Needles needles) {
    return texts(family, needles.documents(), draws -> needle(draws, needles));
  }

  /** The facts, then each once more in another order. */
  private static String needle(Draws draws, Needles needles) {
    int length = draws.between(needles.shortest(), needles.longest());
    NeedleText text = NeedleText.draw(draws, needles.lines(), length);
    return text.body()
        + draws.sample(text.facts(), text.facts().size()).stream()
            .map(NeedleText.Fact::line)
            .collect(Collectors.joining());
  }

  private Stream<Document> texts(String family, int count, Function<Draws, String> text) {
    return IntStream.range(0, count)
        .mapToObj(i -> document(family, i, text.apply(Draws.of(seed, family, i)), Map.of()));
  }

  private static Document document(String family, int item, String text, Problem problem) {
    return document(family, item, text, Map.of("problem", problem.key()));
  }

  private static Document document(
      String family, int item, String text, Map<String, String> facts) {
    Map<String, String> metadata = new TreeMap<>(facts);
    metadata.put("licence", "CC0-1.0");
    metadata.put("generator", "modelflow synthesize, family " + family);
    String id = "%s:%07d".formatted(family, item);
    return new Document(id, text, family, MADE, MADE, metadata, Map.of());
  }
}
