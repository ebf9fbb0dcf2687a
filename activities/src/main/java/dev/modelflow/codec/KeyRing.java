package dev.modelflow.codec;

import dev.modelflow.tls.BadFileException;
import dev.modelflow.tls.TextFiles;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys of AES-256 by their ids. The first one encrypts, each of them decrypts, so that what an
 * earlier first key has encrypted can be read as long as that key is kept.
 */
public final class KeyRing {
  private static final int KEY_BYTES = 32;
  private static final String ID = "[A-Za-z0-9._-]{1,64}";
  private static final String FORM = "ID KEY, made with: echo \"ID $(openssl rand -base64 32)\"";

  private final Map<String, SecretKey> keys;
  private final String first;

  private KeyRing(Map<String, SecretKey> keys) {
    this.keys = keys;
    this.first = keys.keySet().iterator().next();
  }

  /**
   * Reads a file with one key a line: its id, white space, 32 bytes in Base64. Empty lines and
   * those that begin with {@code #} do not count.
   *
   * @throws BadFileException when a line is none of these, an id comes twice, or there is no key
   */
  public static KeyRing read(Path file) {
    Map<String, SecretKey> keys = new LinkedHashMap<>();
    List<String> lines = TextFiles.read(file).lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isEmpty() && !lines.get(i).startsWith("#")) {
        add(keys, lines.get(i), file, i + 1);
      }
    }
    if (keys.isEmpty()) {
      throw new BadFileException(file, "holds no key", "write a line into it: " + FORM);
    }
    return new KeyRing(keys);
  }

  private static void add(Map<String, SecretKey> keys, String text, Path file, int line) {
    // What the line holds is a secret, so no message shows it.
    String[] parts = text.split("\\s+", -1);
    if (parts.length != 2 || !parts[0].matches(ID)) {
      throw new BadFileException(file, "is no key in line " + line, "write one as " + FORM);
    }
    byte[] key = bytes(parts[1], file, line);
    if (key.length != KEY_BYTES) {
      throw new BadFileException(
          file,
          "has a key of %d bytes in line %d".formatted(key.length, line),
          "use one of %d bytes: %s".formatted(KEY_BYTES, FORM));
    }
    if (keys.put(parts[0], new SecretKeySpec(key, "AES")) != null) {
      throw new BadFileException(
          file,
          "has key '%s' twice, again in line %d".formatted(parts[0], line),
          "give each key an id of its own");
    }
  }

  private static byte[] bytes(String base64, Path file, int line) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException broken) {
      throw new BadFileException(
          file, "has a key that is not Base64 in line " + line, "write one as " + FORM);
    }
  }

  /** The id of the key that encrypts. */
  public String first() {
    return first;
  }

  /** The key with this id, if it is on the ring. */
  Optional<SecretKey> key(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  /** Names the keys and shows none. */
  @Override
  public String toString() {
    return "KeyRing" + keys.keySet();
  }
}
