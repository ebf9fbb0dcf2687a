package dev.modelflow.web.security;

import dev.modelflow.web.config.WebConfig;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests for hosts that this server is not known as. A page of another site whose name
 * was rebound to this machine's address would otherwise count as same origin.
 */
final class HostFilter extends OncePerRequestFilter {
  private final Set<String> known;

  HostFilter(WebConfig config) {
    this.known =
        Stream.concat(
                Stream.of("localhost", "127.0.0.1", "[::1]", config.address()),
                config.hosts().stream())
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    @Nullable String header = request.getHeader("Host");
    if (header != null && known.contains(withoutPort(header).toLowerCase(Locale.ROOT))) {
      chain.doFilter(request, response);
      return;
    }
    ProblemWriter.write(
        response,
        HttpStatus.MISDIRECTED_REQUEST,
        "This server does not answer for the host of this request; use one it was configured with,"
            + " such as localhost");
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }
}
