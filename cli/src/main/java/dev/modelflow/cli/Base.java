package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.FileException;
import dev.modelflow.cli.stack.StackControl;
import dev.modelflow.cli.stack.StackException;
import dev.modelflow.cli.stack.StackFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the commands share: output, the stack, the API's client. */
@CommandLine.Command(mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the field
abstract class Base implements Callable<Integer> {
  private static final int RUN_ID_LENGTH = 26;
  private static final int ARTIFACT_ID_LENGTH = 64;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  void say(String line) {
    out().println(line);
    out().flush();
  }

  /** Beside what was asked for. */
  void tell(String line) {
    err().println(line);
    err().flush();
  }

  void sayJson(Object value) {
    JsonMapper json = new JsonMapper();
    say(json.writerWithDefaultPrettyPrinter().writeValueAsString(value));
  }

  StackControl control() {
    return new StackControl(System.getenv());
  }

  /** The stack, started first if it is not up. */
  StackFile stackUp() {
    StackControl control = control();
    boolean first = control.state().token().isEmpty();
    boolean running = control.living().filter(it -> it.state().equals("up")).isPresent();
    if (!running) {
      err().print("Starting the stack in " + control.state().root() + ":");
      err().flush();
    }
    StackFile stack;
    try {
      stack =
          control.up(
              service -> {
                if (!running) {
                  err().print(" " + service);
                  err().flush();
                }
              });
    } finally {
      if (!running) {
        err().println();
        err().flush();
      }
    }
    if (first) {
      control.state().token().ifPresent(this::showToken);
    }
    if (!stack.isOfThisBuild()) {
      tell("The stack that is up runs an earlier build of Modelflow.");
      tell("To go on with this one: modelflow down && modelflow up");
    }
    return stack;
  }

  private void showToken(String token) {
    tell("Token for the dashboard and the API, shown this once: " + token);
    tell("This machine's own copy is in " + control().state().file("token"));
  }

  /** The living stack; throws {@link StackException} when there is none. */
  StackFile living() {
    return control()
        .living()
        .orElseThrow(() -> new StackException("No stack is running; start one with: modelflow up"));
  }

  Api api(StackFile stack) {
    String token =
        control()
            .state()
            .token()
            .orElseThrow(
                () ->
                    new StackException(
                        "There is no token in "
                            + control().state().file("token")
                            + "; run: modelflow down && modelflow up"));
    return new Api(URI.create("http://127.0.0.1:" + stack.ports().dashboard()), token);
  }

  /** The whole id of the run whose id begins so; throws {@link UsageException} unless it is one. */
  static String runId(Api api, String beginning) {
    return wholeId(api, "run", beginning, RUN_ID_LENGTH);
  }

  /**
   * The whole id of the artifact whose id begins so; throws {@link UsageException} unless it is
   * one.
   */
  static String artifactId(Api api, String beginning) {
    return wholeId(api, "artifact", beginning, ARTIFACT_ID_LENGTH);
  }

  private static String wholeId(Api api, String kind, String beginning, int length) {
    if (beginning.length() >= length) {
      return beginning;
    }
    JsonNode found = api.get(Api.path("ids", beginning)).path(kind + "s");
    if (found.size() != 1) {
      throw new UsageException(
          found.isEmpty()
              ? "There is no %s whose id begins with '%s'".formatted(kind, beginning)
              : "'%s' is the beginning of more than one %s: give more of the id"
                  .formatted(beginning, kind));
    }
    return found.get(0).asString();
  }

  static String dashboard(StackFile stack) {
    return "http://localhost:" + stack.ports().dashboard() + "/";
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException missing) {
      throw new UsageException("There is no file " + file);
    } catch (IOException failure) {
      throw new UsageException(FileException.sentence(FileException.reading(file, failure)));
    }
  }

  /** The overrides of {@code --set key=value} options. */
  static Map<String, @Nullable Object> overrides(@Nullable List<String> settings) {
    Map<String, @Nullable Object> overrides = new LinkedHashMap<>();
    for (String setting : settings == null ? List.<String>of() : settings) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw new UsageException(
            "--set " + setting + ": expected STAGE.KEY=VALUE, e.g. midtrain.mix.code=0.4");
      }
      overrides.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return overrides;
  }

  static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }
}
