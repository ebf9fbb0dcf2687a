package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    description = "Shows the log of a service or of an attempt, or which services there are.",
    footer = {
      "",
      "Example: modelflow logs gpu-worker -f",
      "Example: modelflow logs --run 01kb3x --stage pretrain"
    })
final class LogsCommand extends Asking {
  private static final int END = 16_384;

  @ArgGroup private @Nullable Which which;

  /** One or the other. */
  private static final class Which {
    @ArgGroup(exclusive = false)
    private @Nullable OfService service;

    @ArgGroup(exclusive = false)
    private @Nullable OfAttempt attempt;
  }

  private static final class OfService {
    @Parameters(paramLabel = "SERVICE", description = "e.g. supervisor, postgres.")
    private String name = "";

    @Option(
        names = {"-f", "--follow"},
        description = "Go on showing what is written.")
    private boolean follow;
  }

  private static final class OfAttempt {
    @Option(
        names = "--run",
        required = true,
        description = "The run's id, or its first characters.")
    private String run = "";

    @Option(names = "--stage", required = true, description = "The stage's name.")
    private String stage = "";

    @Option(names = "--attempt", description = "The attempt's number; the last one without.")
    private @Nullable Integer number;

    String path(Api api) {
      String path = Api.path("runs", runId(api, run), "stages", stage, "log");
      return number == null ? path : path + "?attempt=" + number;
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (which != null && which.attempt != null) {
      Api api = api();
      out().print(api.getText(which.attempt.path(api), "text/plain"));
      out().flush();
      return 0;
    }
    if (isElsewhere()) {
      throw new UsageException(
          "A server elsewhere has the logs of attempts only: add --run RUN --stage STAGE");
    }
    show(which == null ? null : which.service);
    return 0;
  }

  private void show(@Nullable OfService service) throws IOException, InterruptedException {
    List<String> names = names();
    if (service == null) {
      names.forEach(this::say);
      return;
    }
    if (!names.contains(service.name)) {
      throw new UsageException(
          "There is no log '%s'; there are: %s".formatted(service.name, String.join(", ", names)));
    }
    show(control().state().log(service.name), service.follow);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(control().state().folder("logs"))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".log"))
          .map(name -> name.substring(0, name.length() - ".log".length()))
          .sorted()
          .toList();
    }
  }

  private void show(Path log, boolean follow) throws IOException, InterruptedException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - END));
      if (file.getFilePointer() > 0) {
        file.readLine();
      }
      do {
        byte[] fresh = new byte[(int) Math.min(file.length() - file.getFilePointer(), 1 << 20)];
        file.readFully(fresh);
        out().print(new String(fresh, StandardCharsets.UTF_8));
        out().flush();
        if (follow) {
          Thread.sleep(300);
        }
      } while (follow);
    }
  }
}
