package dev.modelflow.curate;

import dev.modelflow.objects.Digests;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Small artifacts for tests. */
final class Jars {
  private Jars() {}

  /** Writes a jar with these entries and returns the pin of its bytes. */
  static SourcePin pin(Path file, Format format, Map<String, String> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    String name =
        switch (format) {
          case WORDNET -> "glosses";
          case JAVADOC -> "javadoc";
          case JAVA -> "code";
        };
    return new SourcePin(
        name,
        "org.example:" + name + ":1.0",
        Digests.of(file).hex(),
        "Apache-2.0",
        "2026-01-01",
        format,
        0);
  }
}
