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
   * A Postgres on this data folder that died with nobody having recorded it: its own lock file
   * names its pid, and its start in seconds.
   */
  private Optional<ProcessHandle> postmaster() throws IOException {
    Path lock = new PostgresFiles(state).data().resolve("postmaster.pid");
    if (!Files.exists(lock)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(lock);
    if (lines.size() < 3 || !(lines.get(0) + lines.get(2)).matches("[0-9]+")) {
      return Optional.empty();
    }
    long start = Long.parseLong(lines.get(2));
    return ProcessHandle.of(Long.parseLong(lines.get(0)))
        .filter(process -> process.info().command().orElse("").endsWith("/postgres"))
        .filter(
            process ->
                process
                    .info()
                    .startInstant()
                    .filter(began -> Math.abs(began.getEpochSecond() - start) <= 5)
                    .isPresent());
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
