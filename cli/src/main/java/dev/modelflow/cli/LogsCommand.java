package dev.modelflow.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    description = "Shows the end of a service's log, or which logs there are.",
    footer = {"", "Example: modelflow logs gpu-worker -f"})
final class LogsCommand extends Base {
  private static final int END = 16_384;

  @Parameters(arity = "0..1", paramLabel = "SERVICE", description = "e.g. supervisor, postgres.")
  private @Nullable String service;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on showing what is written.")
  private boolean follow;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> names = names();
    if (service == null) {
      names.forEach(this::say);
      return 0;
    }
    if (!names.contains(service)) {
      throw new UsageException(
          "There is no log '%s'; there are: %s".formatted(service, String.join(", ", names)));
    }
    show(control().state().log(service));
    return 0;
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

  private void show(Path log) throws IOException, InterruptedException {
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
