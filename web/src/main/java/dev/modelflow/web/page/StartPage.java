package dev.modelflow.web.page;

import dev.modelflow.recipe.Problem;
import dev.modelflow.recipe.RecipeException;
import dev.modelflow.run.RunRequest;
import dev.modelflow.web.flow.Flows;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

@Controller
class StartPage {
  private final Flows flows;
  private final Submissions submissions;

  StartPage(Flows flows, Submissions submissions) {
    this.flows = flows;
    this.submissions = submissions;
  }

  @GetMapping("/runs/new")
  String form(Model model) {
    model.addAttribute("recipe", "");
    model.addAttribute("name", "");
    model.addAttribute("key", Submissions.freshKey());
    return "start";
  }

  /** Plans the recipe, or starts it; a wrong recipe comes back with its problems. */
  @PostMapping("/runs")
  ModelAndView submit(
      @RequestParam String recipe,
      @RequestParam(defaultValue = "") String name,
      @RequestParam String key,
      @RequestParam String action,
      Principal caller) {
    // Browsers send line ends as CR LF; positions in the text count either way.
    String text = recipe.replace("\r\n", "\n");
    try {
      if (action.equals("start")) {
        RunRequest request = new RunRequest.New(text, Map.of());
        return new ModelAndView(
            "redirect:/runs/" + submissions.submit(request, name, key, caller.getName()));
      }
      return shown(text, name, key, HttpStatus.OK).addObject("preview", flows.plan(text, Map.of()));
    } catch (RecipeException wrong) {
      return shown(text, name, key, HttpStatus.UNPROCESSABLE_CONTENT)
          .addObject("problems", lines(text, wrong.problems()));
    }
  }

  private static ModelAndView shown(String recipe, String name, String key, HttpStatus status) {
    ModelAndView page =
        new ModelAndView("start", Map.of("recipe", recipe, "name", name, "key", key));
    page.setStatus(status);
    return page;
  }

  private static List<Line> lines(String recipe, List<Problem> problems) {
    List<String> lines = recipe.lines().toList();
    return problems.stream()
        .map(
            problem ->
                new Line(
                    problem,
                    problem.line() > 0 && problem.line() <= lines.size()
                        ? lines.get(problem.line() - 1)
                        : ""))
        .toList();
  }

  /** A problem and the line of the recipe that it is in. */
  record Line(Problem problem, String text) {}
}
