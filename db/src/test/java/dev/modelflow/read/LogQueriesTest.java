package dev.modelflow.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.ledger.Attempts;
import dev.modelflow.ledger.Fence;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.LogChunk;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import dev.modelflow.services.UsesServices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

@UsesServices
class LogQueriesTest {
  private static final LedgerFixture FIXTURE = new LedgerFixture();
  private static final int ALL = Integer.MAX_VALUE;

  private final Attempts attempts = FIXTURE.ledger().attempts();
  private final LogQueries logs = new LogQueries(FIXTURE.ledger().jdbc());

  @AfterContainer
  static void close() {
    FIXTURE.close();
  }

  @Provide
  Arbitrary<List<Piece>> pieces() {
    Arbitrary<Piece> small =
        Arbitraries.integers()
            .between(1, 100)
            .flatMap(
                lines -> Arbitraries.integers().between(0, 40).map(it -> new Piece(lines, it)));
    Arbitrary<Piece> large =
        Arbitraries.integers()
            .between(1, 12)
            .flatMap(
                lines -> Arbitraries.integers().between(0, 4000).map(it -> new Piece(lines, it)));
    return Arbitraries.frequencyOf(Tuple.of(3, small), Tuple.of(1, large))
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  @Property(tries = 30)
  void keepsAsManyOfTheNewestChunksAsTheBoundsAllow(@ForAll("pieces") List<Piece> pieces) {
    Stage stage = runningStage();
    Fence fence = begin(stage);
    List<LogChunk> written = new ArrayList<>();
    long next = 1;
    for (Piece piece : pieces) {
      LogChunk chunk = piece.from(next);
      attempts.log(fence, List.of(chunk));
      written.add(chunk);
      next = chunk.end();
    }
    assertThat(logs.text(stage.runId(), "synthesize", 1, ALL)).isEqualTo(kept(written));
  }

  /** The same, worked out from the newest chunk back. */
  private static String kept(List<LogChunk> written) {
    List<String> kept = new ArrayList<>();
    long bytes = 0;
    for (LogChunk chunk : written.reversed()) {
      bytes += String.join("\n", chunk.lines()).getBytes(StandardCharsets.UTF_8).length;
      if (kept.size() + chunk.lines().size() > LogChunk.MOST_LINES || bytes > LogChunk.MOST_BYTES) {
        kept.addFirst(
            "[%d line%s left out]".formatted(chunk.end() - 1, chunk.end() == 2 ? "" : "s"));
        break;
      }
      kept.addAll(0, chunk.lines());
    }
    return String.join("\n", kept) + "\n";
  }

  @Example
  void whatIsWrittenAgainAfterALostAnswerIsThereOnce() {
    Stage stage = runningStage();
    Fence fence = begin(stage);
    attempts.log(fence, List.of(new LogChunk(1, List.of("a", "b")), chunk(3, "c")));
    attempts.log(fence, List.of(new LogChunk(2, List.of("b", "c", "d"))));
    assertThat(logs.text(stage.runId(), "synthesize", 1, ALL))
        .isEqualTo("[1 line left out]\nb\nc\nd\n");
    attempts.log(fence, List.of(chunk(7, "g")));
    assertThat(logs.text(stage.runId(), "synthesize", 1, ALL))
        .isEqualTo("[1 line left out]\nb\nc\nd\n[2 lines left out]\ng\n");
  }

  @Example
  void theTailSaysHowMuchIsBeforeIt() {
    Stage stage = runningStage();
    Fence fence = begin(stage);
    attempts.log(fence, List.of(new LogChunk(1, List.of("a", "", "c")), chunk(4, "d")));
    assertThat(logs.text(stage.runId(), "synthesize", 1, 3))
        .isEqualTo("[1 line left out]\n\nc\nd\n");
    assertThat(logs.text(stage.runId(), "synthesize", 1, 4)).isEqualTo("a\n\nc\nd\n");
    assertThat(lines(stage.runId())).isEqualTo(4);
  }

  @Example
  void eachAttemptHasALogThatStaysWhenItFails() {
    Stage stage = runningStage();
    Fence first = begin(stage);
    attempts.log(first, List.of(chunk(1, "out of memory")));
    attempts.fail(first, FailureClass.PLATFORM, "x");
    attempts.log(begin(stage), List.of(chunk(1, "again")));
    assertThat(logs.attempts(stage.runId())).isEqualTo(Map.of("synthesize", List.of(1, 2)));
    assertThat(logs.text(stage.runId(), "synthesize", 1, ALL)).isEqualTo("out of memory\n");
    assertThat(logs.text(stage.runId(), "synthesize", 2, ALL)).isEqualTo("again\n");
    assertThat(logs.text(stage.runId(), "synthesize", 3, ALL)).isEmpty();
  }

  @Example
  void aReusedStageShowsWhatItsOriginalSaid() {
    Stage original = runningStage();
    Fence fence = begin(original);
    attempts.log(fence, List.of(chunk(1, "did it")));
    attempts.succeed(fence, Map.of("documents", manifest()), Map.of());
    Stage reused = runningStage();
    assertThat(logs.attempts(reused.runId())).isEmpty();
    FIXTURE.ledger().stages().reuse(reused, FIXTURE.ledger().stages().get(original.id()));
    assertThat(logs.attempts(reused.runId())).isEqualTo(Map.of("synthesize", List.of(1)));
    assertThat(logs.text(reused.runId(), "synthesize", 1, ALL)).isEqualTo("did it\n");
    assertThat(lines(reused.runId())).isZero();
  }

  private static long lines(String run) {
    Map<String, LiveRun> found = new LiveQueries(FIXTURE.ledger().jdbc()).look(Map.of(run, 0L));
    return Objects.requireNonNull(found.get(run)).logLines();
  }

  private static Stage runningStage() {
    Run run = FIXTURE.create(LedgerFixture.twoStages());
    FIXTURE.ledger().runs().begin(run.id());
    return FIXTURE.ledger().stages().get(run.id(), "synthesize");
  }

  private Fence begin(Stage stage) {
    return attempts.begin(stage, "worker", Map.of()).orElseThrow();
  }

  private static LogChunk chunk(long line, String text) {
    return new LogChunk(line, List.of(text));
  }

  private static Manifest manifest() {
    return new Manifest(
        ArtifactKind.CORPUS, List.of(new ManifestFile("a.txt", 1, Digest.of("a"))), Map.of());
  }

  /**
   * A chunk to be.
   *
   * @param length of each line, which begins with its number and holds characters of two bytes
   */
  record Piece(int lines, int length) {
    LogChunk from(long first) {
      return new LogChunk(
          first,
          IntStream.range(0, lines).mapToObj(i -> (first + i) + "é".repeat(length)).toList());
    }
  }
}
