package dev.modelflow.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.Digest;
import dev.modelflow.objects.Digests;
import dev.modelflow.objects.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;

class TableFilesPropertyTest {
  private static final String TABLE = "artifact_file";

  @Property(tries = 100)
  void objectsAreReadWhateverTheirPathsAndTheOrderOfTheColumns(
      @ForAll Map<@NotEmpty String, @LongRange(min = 0) Long> sizes, @ForAll long order)
      throws IOException {
    List<String> columns = new ArrayList<>(List.of("artifact_id", "path", "size", "sha256"));
    Collections.shuffle(columns, new Random(order));
    List<ObjectFolder.Entry> entries = new ArrayList<>();
    StringBuilder rows = new StringBuilder();
    sizes.forEach(
        (path, size) -> {
          ObjectFolder.Entry entry = new ObjectFolder.Entry(Digest.of(path), size);
          entries.add(entry);
          String row = row(columns, path, entry);
          // Two artifacts may list one object.
          rows.append(row).append(row);
        });
    Path folder = Files.createTempDirectory("table");
    Path file = new Snapshot.Table(TABLE, columns, 0, Digest.of("")).file(folder);
    try {
      try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
        out.write(rows.toString().getBytes(StandardCharsets.UTF_8));
      }
      Snapshot.Table table =
          new Snapshot.Table(TABLE, columns, 2L * sizes.size(), Digests.of(file));
      TableFiles files =
          new TableFiles(
              new Snapshot(Snapshot.FORMAT, "name", "1", List.of(table), 0, 0, List.of()), folder);
      files.verify();
      assertThat(files.objects()).containsExactlyInAnyOrderElementsOf(entries);
    } finally {
      Folders.delete(folder);
    }
  }

  private static String row(List<String> columns, String path, ObjectFolder.Entry entry) {
    Map<String, String> values =
        Map.of(
            "artifact_id", Digest.of("artifact").hex(),
            "path", escaped(path),
            "size", Long.toString(entry.size()),
            "sha256", entry.digest().hex());
    return String.join("\t", columns.stream().map(values::get).toList()) + "\n";
  }

  /** As Postgres' COPY writes a text. */
  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\b", "\\b")
        .replace("\f", "\\f")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t")
        .replace("\u000b", "\\v");
  }
}
