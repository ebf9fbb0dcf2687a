package dev.modelflow.web.security;

import dev.modelflow.ledger.Tokens;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Turns a token into a session, so that a browser need not keep the token. */
@Controller
class LoginController {
  private final Tokens tokens;
  private final SecurityContextRepository sessions;

  LoginController(Tokens tokens, SecurityContextRepository sessions) {
    this.tokens = tokens;
    this.sessions = sessions;
  }

  @GetMapping("/login")
  String form() {
    return "login";
  }

  @PostMapping("/login")
  String login(
      @RequestParam String token,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    Optional<String> name = tokens.check(token.strip());
    if (name.isEmpty()) {
      response.setStatus(HttpStatus.UNAUTHORIZED.value());
      model.addAttribute("refused", true);
      return "login";
    }
    request.getSession();
    // A session id that someone planted before the login must not be worth anything after it.
    request.changeSessionId();
    SecurityContext context = Callers.context(name.get());
    SecurityContextHolder.setContext(context);
    sessions.saveContext(context, request, response);
    return "redirect:" + destination(request, response);
  }

  /** The page that asked for the login, as this server remembered it in the session. */
  private static String destination(HttpServletRequest request, HttpServletResponse response) {
    var cache = new HttpSessionRequestCache();
    var saved = cache.getRequest(request, response);
    if (saved == null || !saved.getMethod().equals("GET")) {
      return "/";
    }
    cache.removeRequest(request, response);
    return URI.create(saved.getRedirectUrl()).getRawPath();
  }
}
