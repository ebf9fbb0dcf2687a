package dev.modelflow.web.security;

import dev.modelflow.ledger.Tokens;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Knows the caller of an API request by its bearer token, for this request alone. */
final class BearerFilter extends OncePerRequestFilter {
  private static final String SCHEME = "Bearer ";

  private final Tokens tokens;

  BearerFilter(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Whether the request names a token; a browser never sends one by itself. */
  static boolean hasToken(HttpServletRequest request) {
    return request.getHeader("Authorization") != null;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    @Nullable String header = request.getHeader("Authorization");
    if (header == null) {
      chain.doFilter(request, response);
      return;
    }
    Optional<String> name =
        header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
            ? tokens.check(header.substring(SCHEME.length()).strip())
            : Optional.empty();
    if (name.isEmpty()) {
      Refusals.unauthenticated(response, "The token is not known here; ask for a new one");
      return;
    }
    SecurityContextHolder.setContext(Callers.context(name.get()));
    chain.doFilter(request, response);
  }
}
