package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.ledger.LogChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LogBufferTest {
  private final LogBuffer buffer = new LogBuffer();

  /**
   * Some flushes fail, lines come in between, and long ones fill the buffer before it is emptied.
   */
  @Property(tries = 300)
  void everyLineIsWrittenInOrderOrGaveWayToNewerOnes(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 300) Integer> batches,
      @ForAll @IntRange(max = 3_000) int longest,
      @ForAll Random random) {
    LogBuffer log = new LogBuffer();
    List<String> written = new ArrayList<>();
    long next = 1;
    long number = 0;
    for (int batch : batches) {
      for (int i = 0; i < batch; i++) {
        number++;
        log.add(number + "x".repeat(random.nextInt(longest + 1)));
      }
      List<LogChunk> waiting = log.waiting();
      assertBounded(waiting);
      assertThat(waiting.getLast().end()).isEqualTo(number + 1);
      if (random.nextInt(3) > 0) {
        if (waiting.getFirst().firstLine() > next) {
          assertThat(size(waiting)).isGreaterThan(LogChunk.MOST_BYTES - 2 * LogBuffer.LONGEST_LINE);
        }
        for (LogChunk chunk : waiting) {
          next = chunk.firstLine();
          for (String line : chunk.lines()) {
            assertThat(line.replaceFirst("x.*", "")).isEqualTo(Long.toString(next++));
          }
          written.addAll(chunk.lines());
        }
        log.written(waiting);
        assertThat(log.waiting()).isEmpty();
      }
    }
    assertThat(written).doesNotHaveDuplicates();
  }

  private static void assertBounded(List<LogChunk> chunks) {
    assertThat(chunks.stream().mapToInt(chunk -> chunk.lines().size()).sum())
        .isLessThanOrEqualTo(LogChunk.MOST_LINES);
    assertThat(size(chunks)).isLessThanOrEqualTo(LogChunk.MOST_BYTES);
    assertThat(chunks)
        .allSatisfy(
            chunk -> {
              assertThat(chunk.lines()).hasSizeBetween(1, LogBuffer.CHUNK_LINES);
              assertThat(size(List.of(chunk))).isLessThanOrEqualTo(LogBuffer.CHUNK_CHARACTERS);
            });
  }

  private static long size(List<LogChunk> chunks) {
    return chunks.stream().flatMap(chunk -> chunk.lines().stream()).mapToLong(String::length).sum();
  }

  @Example
  void whatComesWhileABatchIsWrittenWaitsForTheNext() {
    buffer.add("a");
    List<LogChunk> first = buffer.waiting();
    buffer.add("b\r\nc\n");
    buffer.add("");
    buffer.written(first);
    assertThat(buffer.waiting()).containsExactly(new LogChunk(2, List.of("b", "c", "")));
  }

  @Example
  void aLongLineIsCutAndSaysSo() {
    buffer.add("x".repeat(LogBuffer.LONGEST_LINE + 7));
    assertThat(lines())
        .containsExactly("x".repeat(LogBuffer.LONGEST_LINE) + " [7 characters left out]");
  }

  @Example
  void whatNoLedgerTakesIsReplaced() {
    buffer.add("\u001b[1;31mred\u001b[0m\ta\u0000b \ud83d\ude00 \ud83d");
    assertThat(lines()).containsExactly("red\ta\ufffdb \ud83d\ude00 \ufffd");
  }

  private List<String> lines() {
    return buffer.waiting().stream().flatMap(chunk -> chunk.lines().stream()).toList();
  }
}
