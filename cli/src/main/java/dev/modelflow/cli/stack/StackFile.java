package dev.modelflow.cli.stack;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the supervisor tells others about the stack, as a file in the state folder.
 *
 * @param supervisor the process that holds everything
 * @param state {@code starting}, {@code up}, {@code stopping}, {@code down} or {@code failed}
 * @param ports where the services listen
 * @param services in the order in which they start
 * @param build the folder of the classes that it was started from; null in files of older builds
 * @param error why it failed, in one sentence
 */
public record StackFile(
    ProcessRecord supervisor,
    String state,
    Ports ports,
    List<ServiceState> services,
    @Nullable String build,
    @Nullable String error) {
  private static final String FILE = "stack.json";

  /** Copies the list. */
  public StackFile {
    services = List.copyOf(services);
  }

  /**
   * How one service stands.
   *
   * @param name as in its log's name
   * @param state {@code starting}, {@code up}, {@code restarting} or {@code down}
   * @param port that it listens on, if it does
   * @param process if it has one of its own
   * @param restarts how often it died since the stack came up
   */
  public record ServiceState(
      String name,
      String state,
      @Nullable Integer port,
      @Nullable ProcessRecord process,
      int restarts) {}

  /** The file of the last stack in this folder, whether that lives or not. */
  public static Optional<StackFile> read(StateFolder folder) {
    return folder.read(FILE).map(text -> new JsonMapper().readValue(text, StackFile.class));
  }

  /** Whether the supervisor that wrote this lives. */
  public boolean lives() {
    return supervisor.living().isPresent();
  }

  /** Whether it was started from the classes that this process runs. */
  public boolean isOfThisBuild() {
    return thisBuild().equals(build);
  }

  /** Each build keeps its jars in a folder of its own, which is where the class path begins. */
  static String thisBuild() {
    String first = System.getProperty("java.class.path").split(File.pathSeparator, 2)[0];
    return String.valueOf(Path.of(first).toAbsolutePath().getParent());
  }

  void write(StateFolder folder) {
    folder.write(FILE, new JsonMapper().writeValueAsString(this));
  }
}
