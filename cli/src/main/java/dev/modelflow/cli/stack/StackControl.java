package dev.modelflow.cli.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Starts and ends the stack of a state folder, from another process. */
public final class StackControl {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration STOP = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(60);

  private final StateFolder state;
  private final Map<String, String> environment;

  /** For the folder and ports that {@code environment} names. */
  public StackControl(Map<String, String> environment) {
    this.environment = environment;
    this.state = StateFolder.of(environment);
  }

  /** The state folder. */
  public StateFolder state() {
    return state;
  }

  /** The living stack, whatever its state. */
  public Optional<StackFile> living() {
    return StackFile.read(state).filter(StackFile::lives);
  }

  /** Where the services of {@code stack} are, in the settings that web and workers take. */
  public Map<String, String> settings(StackFile stack) {
    return Services.settings(state, stack.ports(), Secrets.of(state));
  }

  /**
   * Starts the stack unless it is up, and returns when it is.
   *
   * @param say is told of each service that came up
   * @throws StackException when it does not come up; says why
   */
  public StackFile up(Consumer<String> say) {
    Optional<StackFile> running = living();
    if (running.isPresent() && running.get().state().equals("up")) {
      return running.get();
    }
    Process starting = running.isPresent() ? null : detach();
    Set<String> told = new HashSet<>();
    long deadline = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<StackFile> now = StackFile.read(state).filter(it -> isNew(it, starting));
      now.ifPresent(stack -> tell(stack, told, say));
      if (now.isPresent() && now.get().state().equals("up")) {
        return now.get();
      }
      if (starting != null && !starting.isAlive()) {
        throw new StackException(
            now.map(StackFile::error)
                .orElse("The stack did not start; see " + state.log("supervisor")));
      }
      pause();
    }
    throw new StackException(
        "The stack did not come up within %d s; see %s"
            .formatted(START.toSeconds(), state.log("supervisor")));
  }

  private static boolean isNew(
      StackFile stack, @org.jspecify.annotations.Nullable Process started) {
    return started == null ? stack.lives() : stack.supervisor().pid() == started.pid();
  }

  private static void tell(StackFile stack, Set<String> told, Consumer<String> say) {
    for (StackFile.ServiceState service : stack.services()) {
      if (service.state().equals("up") && told.add(service.name())) {
        say.accept(service.name());
      }
    }
  }

  /**
   * Starts ledger and objects of a stack that is down, does {@code work} with the settings of its
   * web, and ends them.
   *
   * @throws StackException when the stack is not down, or they do not start
   */
  public <T> T withDataOnly(Function<Map<String, String>, T> work) {
    return new DataServices(state).during(work);
  }

  /** Asks the stack to end and waits; false when none was running. */
  public boolean down() {
    Optional<ProcessHandle> supervisor =
        StackFile.read(state).map(StackFile::supervisor).flatMap(ProcessRecord::living);
    if (supervisor.isEmpty()) {
      return false;
    }
    supervisor.get().destroy();
    long deadline = System.nanoTime() + STOP.toNanos();
    while (supervisor.get().isAlive()) {
      if (System.nanoTime() > deadline) {
        throw new StackException(
            "The stack did not end within %d s; see %s"
                .formatted(STOP.toSeconds(), state.log("supervisor")));
      }
      pause();
    }
    return true;
  }

  /** Starts the supervisor in a session of its own, so that Ctrl-C here does not reach it. */
  private Process detach() {
    Path log = state.log("supervisor");
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    } else {
      command.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh"));
    }
    command.addAll(JavaCommand.of(Supervisor.class, "768m"));
    try {
      ProcessBuilder builder = JavaCommand.logged(command, log);
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.directory(state.root().toFile());
      return builder.start();
    } catch (IOException failure) {
      throw new StackException("The supervisor did not start: " + failure.getMessage(), failure);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while waiting for the stack", interrupted);
    }
  }
}
