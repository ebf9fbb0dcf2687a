package dev.modelflow.cli.export;

import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.gguf.GgufExport;
import dev.modelflow.engine.gguf.GgufType;
import dev.modelflow.text.TextException;
import java.io.IOException;
import java.nio.file.Path;

/** A model in one GGUF file. */
public final class GgufFile {
  private GgufFile() {}

  /**
   * Writes the model of a checkpoint's or release's folder.
   *
   * @param type of the matrices: {@code f32}, {@code f16}, {@code bf16} or {@code q8_0}
   * @param file replaced when it exists
   * @throws IllegalArgumentException when there is no such type
   * @throws ExportException when the folder holds no model that can be written so
   */
  public static void write(Path folder, String type, Path file) {
    GgufType known = GgufType.of(type);
    String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    try {
      GgufExport.write(new CheckpointFolder(folder), name, known, file.toAbsolutePath());
    } catch (IOException | TextException e) {
      throw new ExportException(folder + " cannot be written as GGUF: " + e.getMessage(), e);
    }
  }
}
