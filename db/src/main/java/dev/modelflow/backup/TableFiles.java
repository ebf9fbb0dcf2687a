package dev.modelflow.backup;

import dev.modelflow.domain.Digest;
import dev.modelflow.objects.Digests;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The files of a snapshot's tables, read without a database. */
final class TableFiles {
  private final Snapshot snapshot;
  private final Path folder;

  TableFiles(Snapshot snapshot, Path folder) {
    this.snapshot = snapshot;
    this.folder = folder;
  }

  /**
   * Hashes all of them.
   *
   * @throws BackupException when one is not as the snapshot says
   */
  void verify() throws IOException {
    for (Snapshot.Table table : snapshot.tables()) {
      Path file = table.file(folder);
      if (!Files.exists(file) || !Digests.of(file).equals(table.sha256())) {
        throw new BackupException(
            file + " is gone or not as it was written: nothing was restored; take another backup");
      }
    }
  }

  /** The objects that the artifacts consist of, each once. */
  List<ObjectFolder.Entry> objects() throws IOException {
    for (Snapshot.Table table : snapshot.tables()) {
      if (table.name().equals("artifact_file")) {
        return objects(table);
      }
    }
    return List.of();
  }

  /** A line a row, as COPY writes it: hashes and numbers hold nothing that it would escape. */
  private List<ObjectFolder.Entry> objects(Snapshot.Table table) throws IOException {
    int sha256 = table.columns().indexOf("sha256");
    int size = table.columns().indexOf("size");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(table.file(folder)), 1 << 16),
                StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(line -> line.split("\t", -1))
          .map(row -> new ObjectFolder.Entry(new Digest(row[sha256]), Long.parseLong(row[size])))
          .distinct()
          .toList();
    }
  }
}
