package dev.modelflow.web.api;

import dev.modelflow.domain.Digest;
import dev.modelflow.ledger.IdempotencyKeys;
import dev.modelflow.ledger.IdempotencyKeys.Answer;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/**
 * Does once what a POST asks to be recorded: a repeat with the same {@code Idempotency-Key} and
 * body gets the first answer again. Work and answer are one transaction. A refused request leaves
 * nothing behind, so its key can be used again.
 */
final class Once {
  private static final int LONGEST_KEY = 200;

  private final IdempotencyKeys keys;
  private final JsonMapper json;

  Once(IdempotencyKeys keys, JsonMapper json) {
    this.keys = keys;
    this.json = json;
  }

  /** Answers with {@code work}'s result as JSON. */
  ResponseEntity<String> answer(HttpServletRequest request, HttpStatus status, Supplier<?> work) {
    @Nullable String key = request.getHeader("Idempotency-Key");
    if (key == null || key.isBlank() || key.length() > LONGEST_KEY) {
      throw new IllegalArgumentException(
          "The header Idempotency-Key is missing or longer than "
              + LONGEST_KEY
              + " characters; send a fresh random one, and the same one when you repeat a request");
    }
    Answer answer =
        keys.once(
            actor(request),
            key,
            digest(request),
            () -> new Answer(status.value(), json.writeValueAsString(work.get())));
    return ResponseEntity.status(answer.status())
        .contentType(MediaType.APPLICATION_JSON)
        .body(answer.body());
  }

  static String actor(HttpServletRequest request) {
    return Objects.requireNonNull(request.getUserPrincipal(), "Every caller is known").getName();
  }

  private static Digest digest(HttpServletRequest request) {
    try {
      byte[] body = request.getInputStream().readAllBytes();
      return Digest.of(
          request.getMethod() + " " + request.getRequestURI() + " " + Digest.of(body).hex());
    } catch (IOException failure) {
      throw new UncheckedIOException("The body cannot be read again", failure);
    }
  }
}
