package dev.modelflow.adapter;

import dev.modelflow.domain.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/** The Python that runs inside of a trainer of others, which comes with this program. */
public final class Scripts {
  private static final List<String> NAMES =
      List.of(
          "olmo_core_convert.py",
          "olmo_core_guard.py",
          "olmo_core_model.py",
          "olmo_core_rows.py",
          "olmo_core_stage.py",
          "olmo_core_teller.py",
          "open_instruct_stage.py",
          "plain_json.py",
          "worker_watch.py");

  private Scripts() {}

  /** Copies all of them into {@code folder}, which is made when there is none. */
  static void unpack(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String name : NAMES) {
      Files.write(folder.resolve(name), bytes(name));
    }
  }

  /** Digest of all of them: what they make hangs on it. */
  public static String digest() {
    MessageDigest accumulator = Digest.sha256();
    NAMES.forEach(name -> accumulator.update(bytes(name)));
    return Digest.of(accumulator).brief();
  }

  private static byte[] bytes(String name) {
    try (InputStream in = Scripts.class.getResourceAsStream("/adapters/" + name)) {
      if (in == null) {
        throw new IllegalStateException("This program came without " + name);
      }
      return in.readAllBytes();
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not read " + name, failure);
    }
  }
}
