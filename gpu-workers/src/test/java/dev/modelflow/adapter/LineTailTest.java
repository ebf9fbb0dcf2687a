package dev.modelflow.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LineTailTest {
  @Property(tries = 200)
  void everyLineIsReadOnceHoweverItIsWritten(
      @ForAll @Size(max = 8) List<String> texts,
      @ForAll @Size(max = 12) List<@IntRange(min = 1, max = 9) Integer> pieces)
      throws IOException {
    List<String> lines =
        texts.stream().map(text -> text.replaceAll("[\n\ud800-\udfff]", " ")).toList();
    byte[] all =
        lines.stream()
            .map(line -> line + "\n")
            .reduce("", String::concat)
            .getBytes(StandardCharsets.UTF_8);
    Path file = Files.createTempDirectory("tail").resolve("lines");
    LineTail tail = new LineTail(file);

    List<String> read = new ArrayList<>(tail.next());
    int at = 0;
    for (int piece : pieces) {
      int end = Math.min(all.length, at + piece);
      append(file, Arrays.copyOfRange(all, at, end));
      at = end;
      read.addAll(tail.next());
    }
    append(file, Arrays.copyOfRange(all, at, all.length));
    read.addAll(tail.next());

    assertThat(read).isEqualTo(lines);
    assertThat(tail.next()).isEmpty();
  }

  private static void append(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
