package dev.modelflow.cli;

import dev.modelflow.cli.doctor.Check;
import dev.modelflow.cli.doctor.Doctor;
import dev.modelflow.cli.stack.StackFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description = {
      "Asks every service how it stands and says what is wrong and what to do.",
      "Where MODELFLOW_LEDGER_URL is set, it asks the services that the environment names, as web"
          + " would; else this machine's own stack. With --server, it asks that server alone.",
      "Exit code 1 when something is wrong."
    },
    footer = {"", "Example: modelflow doctor --json"})
final class DoctorCommand extends Asking {
  private static final String CONFIGURED = "MODELFLOW_LEDGER_URL";

  @Option(names = "--json", description = "Print a JSON array.")
  private boolean json;

  @Override
  public Integer call() {
    List<Check> checks = new ArrayList<>(Doctor.machine(control().state().root()));
    if (isElsewhere()) {
      Server server = server();
      checks.add(Doctor.web(server.dashboard(), server.api()));
    } else if (!System.getenv().getOrDefault(CONFIGURED, "").isBlank()) {
      checks.addAll(Doctor.services(System.getenv()));
    } else {
      checks.add(Doctor.calibration(control().state().calibration()));
      checks.addAll(stack());
    }
    if (json) {
      sayJson(checks.stream().map(DoctorCommand::tree).toList());
    } else {
      checks.forEach(this::show);
    }
    return checks.stream().anyMatch(it -> it.state() == Check.State.WRONG) ? 1 : 0;
  }

  private List<Check> stack() {
    Optional<StackFile> living = control().living();
    if (living.isEmpty()) {
      return List.of(
          new Check("stack", Check.State.WRONG, "No stack is running; start one: modelflow up"));
    }
    StackFile stack = living.get();
    List<Check> checks = new ArrayList<>();
    checks.add(
        stack.isOfThisBuild()
            ? new Check("build", Check.State.OK, "The stack runs this build of Modelflow")
            : new Check(
                "build",
                Check.State.WARNING,
                "The stack runs an earlier build; modelflow down && modelflow up"));
    checks.addAll(Doctor.services(control().settings(stack)));
    return checks;
  }

  private void show(Check check) {
    say("%-8s %-18s %s".formatted(word(check), check.name(), check.message()));
  }

  private static String word(Check check) {
    return check.state().name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> tree(Check check) {
    Map<String, String> tree = new LinkedHashMap<>();
    tree.put("check", check.name());
    tree.put("state", word(check));
    tree.put("message", check.message());
    return tree;
  }
}
