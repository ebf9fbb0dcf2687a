package dev.modelflow.cli.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what an earlier supervisor that died left running. Processes are known by pid, start and
 * program together, never by name: a pid that another program has by now is left alone.
 */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final StateFolder state;

  Leftovers(StateFolder state) {
    this.state = state;
  }

  void end() throws IOException {
    StackFile.read(state).stream()
        .flatMap(stack -> stack.services().stream())
        .map(StackFile.ServiceState::process)
        .flatMap(process -> Optional.ofNullable(process).flatMap(ProcessRecord::living).stream())
        .forEach(Leftovers::end);
    postmaster().ifPresent(Leftovers::end);
  }

  /**
   * A Postgres on this data folder that nobody recorded: its own lock file names its pid, and the
   * program must be the one in this folder.
   */
  private Optional<ProcessHandle> postmaster() throws IOException {
    Path lock = new PostgresFiles(state).data().resolve("postmaster.pid");
    if (!Files.exists(lock)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(lock);
    if (lines.isEmpty() || !lines.getFirst().matches("[0-9]{1,10}")) {
      return Optional.empty();
    }
    String programs = state.folder("postgres").toString();
    return ProcessHandle.of(Long.parseLong(lines.getFirst()))
        .filter(process -> process.info().command().orElse("").startsWith(programs));
  }

  private static void end(ProcessHandle process) {
    LOG.info("Ending process {}, which an earlier stack left behind", process.pid());
    process.destroy();
    try {
      process.onExit().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException stubborn) {
      process.destroyForcibly();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException gone) {
      LOG.debug("Process {} was gone", process.pid(), gone);
    }
  }
}
