package dev.modelflow.web.page;

import dev.modelflow.web.flow.NotFoundException;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Pages for what went wrong; nothing of the inside leaks. */
@ControllerAdvice(annotations = Controller.class)
class PageErrors {
  @ExceptionHandler
  @ResponseStatus(HttpStatus.NOT_FOUND)
  String missing(NotFoundException error, Model model) {
    return page(model, "Not found", error);
  }

  @ExceptionHandler
  @ResponseStatus(HttpStatus.BAD_REQUEST)
  String unusable(IllegalArgumentException error, Model model) {
    return page(model, "This cannot be shown", error);
  }

  private static String page(Model model, String title, RuntimeException error) {
    model.addAttribute("title", title);
    model.addAttribute("sentence", Objects.requireNonNullElse(error.getMessage(), ""));
    return "problem";
  }
}
