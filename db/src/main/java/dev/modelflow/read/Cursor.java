package dev.modelflow.read;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of runs, newest first, ends. Opaque to callers; stays right while new runs arrive.
 *
 * @param createdAt of the page's last run
 * @param id of the page's last run, which decides between runs of the same moment
 */
public record Cursor(Instant createdAt, String id) {
  /** The text that {@link #parse} reads. */
  public String encode() {
    String text = createdAt + " " + id;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Throws {@link IllegalArgumentException} for a text that {@link #encode} did not make. */
  public static Cursor parse(String encoded) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
      int space = text.indexOf(' ');
      if (space > 0 && space < text.length() - 1) {
        return new Cursor(Instant.parse(text.substring(0, space)), text.substring(space + 1));
      }
    } catch (IllegalArgumentException | DateTimeException malformed) {
      throw unreadable(encoded, malformed);
    }
    throw unreadable(encoded, null);
  }

  private static IllegalArgumentException unreadable(String encoded, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "Cursor '" + encoded + "' cannot be read: take it from the field 'next' of a page", cause);
  }
}
