package dev.modelflow.web.security;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;

/** How the API says no. */
final class Refusals {
  private Refusals() {}

  static void unauthenticated(HttpServletResponse response, String detail) throws IOException {
    response.setHeader("WWW-Authenticate", "Bearer realm=\"modelflow\"");
    ProblemWriter.write(response, HttpStatus.UNAUTHORIZED, detail);
  }

  static void forbidden(HttpServletResponse response) throws IOException {
    ProblemWriter.write(
        response,
        HttpStatus.FORBIDDEN,
        "The request carries no valid CSRF token; send a bearer token, or use the dashboard's form");
  }
}
