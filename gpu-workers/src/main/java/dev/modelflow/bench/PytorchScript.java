package dev.modelflow.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The same model in Python, which comes with this program; it answers rounds as the engine does.
 */
public final class PytorchScript {
  private static final String NAME = "pytorch_bench.py";

  private PytorchScript() {}

  /** Copies it into {@code folder}, which must exist, and returns its path. */
  public static Path unpack(Path folder) throws IOException {
    try (InputStream in = PytorchScript.class.getResourceAsStream("/bench/" + NAME)) {
      if (in == null) {
        throw new IllegalStateException("This program came without " + NAME);
      }
      return Files.write(folder.resolve(NAME), in.readAllBytes());
    }
  }
}
