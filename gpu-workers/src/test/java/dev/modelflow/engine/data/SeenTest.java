package dev.modelflow.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SeenTest {
  private static final Map<String, Double> MIX = Map.of("a", 3.0, "b", 1.0);
  private static final Map<String, Double> OTHER_MIX = Map.of("a", 1.0, "b", 1.0);
  private static final int OF_B = 1 << 20;
  private static final int LONGEST = 50;
  private static final Map<String, Documents> SOURCES =
      Map.of("a", documents(23, 0), "b", documents(11, OF_B));

  /** One token of a document in a step, as the rows themselves show it. */
  private record Sight(int step, String source, int document, int token) {}

  /** Documents whose tokens say which document and which token they are. */
  private static Documents documents(int count, int base) {
    List<Sequence> sequences = new ArrayList<>();
    for (int document = 0; document < count; document++) {
      int[] tokens = new int[1 + (document * 7) % LONGEST];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = base + document * LONGEST + i;
      }
      sequences.add(new Sequence(tokens, tokens));
    }
    return new Pieces(new SequenceDocuments(sequences));
  }

  /** Lets documents be cut, which conversations may not. */
  private record Pieces(SequenceDocuments whole) implements Documents {
    @Override
    public int count() {
      return whole.count();
    }

    @Override
    public int length(int document) {
      return whole.length(document);
    }

    @Override
    public Sequence sequence(int document, int offset, int length) {
      Sequence all = whole.sequence(document, 0, whole.length(document));
      int[] tokens = new int[length];
      for (int i = 0; i < length; i++) {
        tokens[i] = all.token(offset + i);
      }
      return new Sequence(tokens, tokens);
    }

    @Override
    public Map<Integer, String> ids(Set<Integer> documents) {
      return whole.ids(documents);
    }
  }

  private static DataOrder order(Map<String, Double> mix, int seed) {
    return new DataOrder(SOURCES, mix, seed, 3, 20);
  }

  private static void note(int step, PackedRows rows, Set<Sight> sights) {
    for (int i = 0; i < rows.tokens().length; i++) {
      if (!rows.isPadding(i)) {
        int token = rows.tokens()[i];
        String source = token >= OF_B ? "b" : "a";
        int inSource = token % OF_B;
        sights.add(new Sight(step, source, inSource / LONGEST, inSource % LONGEST));
      }
    }
  }

  private static Set<Sight> replayed(List<Seen> record) {
    Set<Sight> sights = new HashSet<>();
    for (Seen seen : record) {
      boolean same =
          ((SeenRows) seen)
              .replay(
                  SOURCES,
                  (step, place) -> {
                    for (int i = 0; i < place.length(); i++) {
                      sights.add(
                          new Sight(step, place.source(), place.document(), place.offset() + i));
                    }
                  });
      assertThat(same).isTrue();
    }
    return sights;
  }

  /** A first mix, then the main one, and from some step on a branch with another. */
  @Property(tries = 60)
  void theRecordIsWhatTheRowsHeld(
      @ForAll @IntRange(max = 9) int firstSteps,
      @ForAll @IntRange(max = 70) int branchAt,
      @ForAll @IntRange(max = 70) int more,
      @ForAll @IntRange(max = 5) int seed) {
    Set<Sight> held = new HashSet<>();
    DataOrder first = order(OTHER_MIX, seed);
    for (int step = 1; step <= firstSteps; step++) {
      note(step, first.next(), held);
    }
    DataOrder main = order(MIX, seed);
    for (int step = 1; step <= branchAt; step++) {
      note(firstSteps + step, main.next(), held);
    }
    int before = firstSteps + branchAt;
    List<Seen> record =
        Seen.joined(List.of(), 0, List.of(first.seen(), main.seen().later(firstSteps)));
    DataOrder branch = order(OTHER_MIX, seed + 1);
    branch.skip(before);
    for (int step = 1; step <= more; step++) {
      note(before + step, branch.next(), held);
    }
    record = Seen.joined(record, before, List.of(branch.seen()));
    assertThat(replayed(record)).isEqualTo(held);
    assertThat(record.stream().mapToInt(Seen::steps).sum()).isEqualTo(before + more);
  }

  @Property(tries = 40)
  void aResumedStageRecordsWhatOneInOneGoDoes(
      @ForAll @IntRange(max = 60) int stopAt, @ForAll @IntRange(max = 60) int more) {
    DataOrder whole = order(MIX, 4);
    whole.skip(stopAt + more);
    DataOrder stopped = order(MIX, 4);
    stopped.skip(stopAt);
    List<Seen> before = Seen.joined(List.of(), 0, List.of(stopped.seen()));
    DataOrder resumed = order(MIX, 4);
    resumed.skip(stopAt + more);
    assertThat(Seen.joined(throughJson(before), stopAt, List.of(resumed.seen())))
        .isEqualTo(Seen.joined(List.of(), 0, List.of(whole.seen())));
  }

  @Test
  void aMillionStepsTakeNoMoreRoomThanOne() {
    DataOrder few = order(MIX, 4);
    few.skip(1);
    DataOrder many = order(MIX, 4);
    many.skip(20_000);
    assertThat(SeenJson.write(List.of(many.seen())).toString())
        .hasSizeLessThan(SeenJson.write(List.of(few.seen())).toString().length() + 8);
  }

  @Test
  void documentsOfOtherLengthsAreNoticed() {
    DataOrder order = order(MIX, 4);
    order.skip(40);
    Map<String, Documents> others = Map.of("a", documents(24, 0), "b", documents(11, OF_B));
    assertThat(order.seen().replay(SOURCES, (step, place) -> {})).isTrue();
    assertThat(order.seen().replay(others, (step, place) -> {})).isFalse();
  }

  @Property
  void pairsAndPromptsAreThoseOfEachStep(
      @ForAll @IntRange(min = 1, max = 20) int count,
      @ForAll @IntRange(min = 1, max = 9) int batch,
      @ForAll @IntRange(max = 12) int stopAt) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add("p" + i);
    }
    PairOrder order = new PairOrder(5, batch, count);
    List<String> expected = new ArrayList<>();
    for (int step = 1; step <= 12; step++) {
      for (int pair : order.at(step)) {
        expected.add(step + " p" + pair);
      }
    }
    List<String> replayed = new ArrayList<>();
    List<Seen> before = Seen.joined(List.of(), 0, List.of(new SeenPairs(0, stopAt, 5, batch, ids)));
    List<Seen> record =
        Seen.joined(throughJson(before), stopAt, List.of(new SeenPairs(0, 12, 5, batch, ids)));
    assertThat(record).hasSize(1);
    ((SeenPairs) record.getFirst()).replay((step, id) -> replayed.add(step + " " + id));
    assertThat(replayed).isEqualTo(expected);
  }

  @Property
  void promptsAskedAfterAResumeAreAddedToThoseBefore(@ForAll @IntRange(max = 6) int stopAt) {
    List<Integer> asked = List.of(3, 1, 2, 3, 3, 1);
    List<Seen> before =
        Seen.joined(List.of(), 0, List.of(new SeenPrompts(0, 9, 5, asked.subList(0, stopAt))));
    List<Seen> record =
        Seen.joined(
            throughJson(before),
            stopAt,
            List.of(new SeenPrompts(stopAt, 9, 5, asked.subList(stopAt, 6))));
    assertThat(record).containsExactly(new SeenPrompts(0, 9, 5, asked));
    List<String> replayed = new ArrayList<>();
    ((SeenPrompts) record.getFirst()).replay((step, prompt) -> replayed.add(step + " " + prompt));
    List<String> expected = new ArrayList<>();
    for (int step = 1; step <= 6; step++) {
      for (int k = 0; k < asked.get(step - 1); k++) {
        expected.add(step + " " + PromptOrder.at(9, step, 5)[k]);
      }
    }
    assertThat(replayed).isEqualTo(expected);
  }

  @Test
  void whatIsNoRecordIsRefused() {
    assertThatThrownBy(() -> SeenJson.read(JsonMapper.shared().readTree("[{\"by\": \"magic\"}]")))
        .hasMessageStartingWith("The data-order record cannot be read: ");
  }

  private static List<Seen> throughJson(List<Seen> seen) {
    return SeenJson.read(JsonMapper.shared().readTree(SeenJson.write(seen).toString()));
  }
}
