package dev.modelflow.web.security;

import dev.modelflow.domain.CanonicalJson;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.http.HttpStatus;

/** Writes an error as RFC 9457 has it where no controller is reached. */
public final class ProblemWriter {
  private ProblemWriter() {}

  /** Answers with this status and one sentence, unless an answer has already begun. */
  public static void write(HttpServletResponse response, HttpStatus status, String detail)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    response.setStatus(status.value());
    response.setContentType("application/problem+json");
    response.setHeader("Cache-Control", "no-store");
    String body =
        CanonicalJson.write(
            Map.of(
                "type",
                "about:blank",
                "title",
                status.getReasonPhrase(),
                "status",
                status.value(),
                "detail",
                detail));
    response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
  }
}
