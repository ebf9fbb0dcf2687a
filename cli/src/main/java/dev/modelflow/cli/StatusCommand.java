package dev.modelflow.cli;

import dev.modelflow.cli.stack.StackFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description = "Shows how the stack's services stand; exit code 1 unless all are up.",
    footer = {"", "Example: modelflow status --json"})
final class StatusCommand extends Base {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Optional<StackFile> stack = control().living();
    String state = stack.map(StackFile::state).orElse("down");
    if (json) {
      sayJson(tree(state, stack));
    } else {
      say("Stack " + state + " in " + control().state().root());
      stack.ifPresent(this::show);
    }
    boolean healthy =
        state.equals("up")
            && stack.orElseThrow().services().stream().allMatch(it -> it.state().equals("up"));
    return healthy ? 0 : 1;
  }

  private void show(StackFile stack) {
    for (StackFile.ServiceState service : stack.services()) {
      say(
          "  %-12s %-10s %-10s %s"
              .formatted(
                  service.name(),
                  service.state(),
                  service.port() == null ? "" : "port " + service.port(),
                  service.restarts() == 0 ? "" : "restarted " + service.restarts() + " times"));
    }
    say("Dashboard: " + dashboard(stack));
    if (!stack.isOfThisBuild()) {
      say("It runs an earlier build of Modelflow than this command.");
    }
  }

  private Map<String, @Nullable Object> tree(String state, Optional<StackFile> stack) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("state", state);
    tree.put("home", control().state().root().toString());
    stack.ifPresent(
        it -> {
          tree.put("dashboard", dashboard(it));
          tree.put("supervisor", it.supervisor().pid());
          tree.put("services", it.services());
          tree.put("ofThisBuild", it.isOfThisBuild());
        });
    return tree;
  }
}
