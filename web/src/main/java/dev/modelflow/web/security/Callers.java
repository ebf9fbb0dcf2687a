package dev.modelflow.web.security;

import java.util.List;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;

/** Callers as the security context holds them: a token's name, without the secret. */
final class Callers {
  private Callers() {}

  static SecurityContext context(String name) {
    return new SecurityContextImpl(
        UsernamePasswordAuthenticationToken.authenticated(name, null, List.of()));
  }
}
