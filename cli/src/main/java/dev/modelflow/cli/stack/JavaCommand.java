package dev.modelflow.cli.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** How to start another JVM with this one's Java and classes. */
public final class JavaCommand {
  private static final long LOG_BYTES = 20L << 20;

  private JavaCommand() {}

  /**
   * The command line.
   *
   * @param heap the most heap, as in {@code -Xmx}
   */
  public static List<String> of(Class<?> main, String heap, String... arguments) {
    return of(List.of(), main, heap, arguments);
  }

  /**
   * The command line of a process that mostly waits and leaves the processors to others: only what
   * is called very often, as digests of checkpoints are, is worth a second compilation.
   *
   * @param heap the most heap, as in {@code -Xmx}
   */
  public static List<String> light(Class<?> main, String heap, String... arguments) {
    return of(
        List.of("-XX:Tier4InvocationThreshold=100000", "-XX:Tier4MinInvocationThreshold=100000"),
        main,
        heap,
        arguments);
  }

  private static List<String> of(
      List<String> options, Class<?> main, String heap, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + heap,
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dmodelflow.log=INFO",
            "-Dfile.encoding=UTF-8"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** A process whose output goes to the end of {@code log}; a log that is long is put aside. */
  public static ProcessBuilder logged(List<String> command, Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > LOG_BYTES) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }
}
