package dev.modelflow.web.page;

import dev.modelflow.web.security.ProblemWriter;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** Answers where no controller could: one sentence, nothing of the inside. */
@Controller
class Failures implements ErrorController {
  @RequestMapping("/error")
  @Nullable ModelAndView fail(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpStatus status = status(request);
    String sentence = sentence(status);
    Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    if (path instanceof String text && text.startsWith("/api/")) {
      ProblemWriter.write(response, status, sentence);
      return null;
    }
    ModelAndView page = new ModelAndView("problem");
    page.setStatus(status);
    return page.addObject("title", status.getReasonPhrase()).addObject("sentence", sentence);
  }

  private static HttpStatus status(HttpServletRequest request) {
    Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    @Nullable HttpStatus known = code instanceof Integer number ? HttpStatus.resolve(number) : null;
    return Objects.requireNonNullElse(known, HttpStatus.INTERNAL_SERVER_ERROR);
  }

  private static String sentence(HttpStatus status) {
    return switch (status) {
      case NOT_FOUND -> "There is nothing at this address";
      case METHOD_NOT_ALLOWED -> "This address does not take such requests";
      case FORBIDDEN -> "The form was too old; go back, reload the page and send it again";
      case CONTENT_TOO_LARGE -> "The request is too large";
      default ->
          status.is4xxClientError()
              ? "The request cannot be read"
              : "The server failed to answer; its log says why, and trying again may help";
    };
  }
}
