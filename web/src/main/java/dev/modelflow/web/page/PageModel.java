package dev.modelflow.web.page;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What every template can use. */
@ControllerAdvice(annotations = Controller.class)
class PageModel {
  private final Format format;
  private final Icons icons;

  PageModel(Format format, Icons icons) {
    this.format = format;
    this.icons = icons;
  }

  @ModelAttribute("format")
  Format format() {
    return format;
  }

  @ModelAttribute("icons")
  Icons icons() {
    return icons;
  }
}
