package dev.modelflow.cli;

import dev.modelflow.cli.stack.StackException;
import dev.modelflow.cli.stack.StackFile;
import dev.modelflow.cli.upkeep.Upkeep;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the commands share that keep ledger and objects in order: those that the environment names,
 * as web would take them, else those of this machine's own stack, whether that is up or down.
 */
abstract class Keeping extends Base {
  /** Tells of the choice above, for descriptions of commands. */
  static final String WHICH =
      "Where MODELFLOW_LEDGER_URL is set, it takes the ledger and the objects that the environment"
          + " names; else those of this machine's own stack.";

  private static final String CONFIGURED = "MODELFLOW_LEDGER_URL";

  /** Does {@code work}, whether the stack is up or down. */
  <T> T keep(Function<Upkeep, T> work) {
    Optional<StackFile> living = isConfigured() ? Optional.empty() : control().living();
    return living
        .map(stack -> work.apply(upkeep(control().settings(stack))))
        .orElseGet(() -> keepAlone(work));
  }

  /** Does {@code work}; throws {@link StackException} when this machine's own stack is up. */
  <T> T keepWhileDown(Function<Upkeep, T> work, String what) {
    if (!isConfigured() && control().living().isPresent()) {
      throw new StackException(
          "The stack in %s is up: end it before %s, with: modelflow down"
              .formatted(control().state().root(), what));
    }
    return keepAlone(work);
  }

  private <T> T keepAlone(Function<Upkeep, T> work) {
    return isConfigured()
        ? work.apply(upkeep(System.getenv()))
        : control().withDataOnly(settings -> work.apply(upkeep(settings)));
  }

  private static boolean isConfigured() {
    return !System.getenv().getOrDefault(CONFIGURED, "").isBlank();
  }

  private Upkeep upkeep(Map<String, String> settings) {
    return new Upkeep(settings, this::tell);
  }

  static String megabytes(long bytes) {
    return "%,d MB".formatted((bytes + 999_999) / 1_000_000);
  }
}
