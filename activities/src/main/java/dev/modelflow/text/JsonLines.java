package dev.modelflow.text;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/**
 * Files of one JSON object a line, compressed when their name ends in {@code .zst}. Level and
 * number of threads of the compression are fixed, so that equal lines give equal bytes.
 */
public final class JsonLines {
  private static final int LEVEL = 3;
  private static final int BLOCK = 8192;

  private JsonLines() {}

  /** Writes each item as a line; the stream is read once, in order. */
  public static void writeAll(Path file, Stream<?> items) {
    try (OutputStream out = output(file)) {
      List<Object> block = new ArrayList<>(BLOCK);
      for (Iterator<?> each = items.iterator(); each.hasNext(); ) {
        block.add(each.next());
        if (block.size() == BLOCK || !each.hasNext()) {
          for (byte[] line : block.parallelStream().map(JsonLines::line).toList()) {
            out.write(line);
          }
          block.clear();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  /** All items, in the file's order; throws {@link TextException} naming a line that is wrong. */
  public static <T> List<T> readAll(Path file, Class<T> type) {
    List<T> items = new ArrayList<>();
    forEach(file, type, items::add);
    return items;
  }

  /** Hands over each item in the file's order; throws {@link TextException} naming a bad line. */
  public static <T> void forEach(Path file, Class<T> type, Consumer<T> action) {
    long number = 0;
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(input(file), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        action.accept(Json.MAPPER.readValue(line, type));
      }
    } catch (JacksonException e) {
      throw new TextException(
          "Line %d of %s is no %s: %s"
              .formatted(number, file, type.getSimpleName(), e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new TextException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static byte[] line(Object item) {
    return (Json.MAPPER.writeValueAsString(item) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static OutputStream output(Path file) throws IOException {
    OutputStream bytes = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    return isCompressed(file) ? new ZstdOutputStream(bytes, LEVEL) : bytes;
  }

  private static InputStream input(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    return isCompressed(file) ? new ZstdInputStream(bytes) : bytes;
  }

  private static boolean isCompressed(Path file) {
    return file.toString().endsWith(".zst");
  }
}
