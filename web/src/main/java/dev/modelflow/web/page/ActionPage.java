package dev.modelflow.web.page;

import dev.modelflow.web.flow.Flows;
import dev.modelflow.web.flow.Verifications;
import java.security.Principal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What single buttons do; each answers with a redirect, so that reloading repeats nothing. */
@Controller
class ActionPage {
  private final Flows flows;
  private final Verifications verifications;

  ActionPage(Flows flows, Verifications verifications) {
    this.flows = flows;
    this.verifications = verifications;
  }

  @PostMapping("/runs/{id}/cancel")
  String cancel(@PathVariable String id, Principal caller) {
    flows.cancel(id, caller.getName());
    return "redirect:/runs/{id}";
  }

  @PostMapping("/artifacts/{id}/verify")
  String verify(@PathVariable String id, Principal caller, RedirectAttributes after) {
    after.addFlashAttribute("verdict", verifications.of(id, caller.getName()));
    return "redirect:/artifacts/{id}";
  }
}
