package dev.modelflow.cli.stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Ledger and objects of a stack that is down, for as long as something is done to them. */
final class DataServices {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final StateFolder state;

  DataServices(StateFolder state) {
    this.state = state;
  }

  /**
   * Does {@code work} with the settings of web; throws {@link StackException} while a stack lives.
   */
  <T> T during(Function<Map<String, String>, T> work) {
    state.folder("logs");
    try (FileChannel channel =
            FileChannel.open(
                state.file("stack.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw new StackException(
            "The stack in %s is starting or ending; try again when it has".formatted(state.root()));
      }
      new Leftovers(state).end();
      return between(work);
    } catch (IOException failure) {
      throw new StackException(
          "Cannot use the state folder %s: %s".formatted(state.root(), failure.getMessage()),
          failure);
    }
  }

  private <T> T between(Function<Map<String, String>, T> work) {
    Ports ports = Ports.of(Map.of("MODELFLOW_PORT", "0"));
    List<Service> services = new Services(state, ports, () -> {}).data();
    try {
      for (Service service : services) {
        service.start();
      }
      return work.apply(Services.settings(state, ports, Secrets.of(state)));
    } catch (RuntimeException failure) {
      throw failure;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new StackException("Was stopped while Postgres was starting", stop);
    } catch (Exception failure) {
      throw new StackException(
          "Ledger and objects in %s could not be started: %s"
              .formatted(state.root(), failure.getMessage()),
          failure);
    } finally {
      services.reversed().forEach(service -> service.stop(GRACE));
    }
  }
}
