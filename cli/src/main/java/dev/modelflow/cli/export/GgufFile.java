package dev.modelflow.cli.export;

import dev.modelflow.cli.client.FileException;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.gguf.GgufExport;
import dev.modelflow.engine.gguf.GgufType;
import dev.modelflow.text.TextException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models in one GGUF file each, with matrices of one type. */
public final class GgufFile {
  private static final String TITLE = "# ";

  private final GgufType type;

  private GgufFile(GgufType type) {
    this.type = type;
  }

  /**
   * Files with matrices of this type.
   *
   * @param type {@code f32}, {@code f16}, {@code bf16} or {@code q8_0}
   * @throws IllegalArgumentException when there is no such type
   */
  public static GgufFile of(String type) {
    return new GgufFile(GgufType.of(type));
  }

  /**
   * Writes the model of a checkpoint's or release's folder. Programs show it by its card's title.
   *
   * @param file replaced when it exists
   * @throws ExportException when the folder holds no model that can be written so
   */
  public void write(Path folder, Path file) {
    try {
      GgufExport.write(new CheckpointFolder(folder), name(folder), type, file.toAbsolutePath());
    } catch (IOException | TextException e) {
      throw new ExportException(
          folder + " cannot be written as GGUF: " + FileException.sentence(e), e);
    }
  }

  /** The title of a release's card; a checkpoint has none, and is called as its folder. */
  private static String name(Path folder) throws IOException {
    Path card = folder.resolve("README.md");
    if (Files.exists(card)) {
      for (String line : Files.readAllLines(card)) {
        if (line.startsWith(TITLE)) {
          return line.substring(TITLE.length());
        }
      }
    }
    return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
  }
}
