package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.stack.StackException;
import dev.modelflow.cli.stack.StackFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands share that ask a server: this machine's own, or the one that is named. */
abstract class Asking extends Base {
  private static final String TOKEN = "MODELFLOW_TOKEN";

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "The server to ask; without it, this machine's own stack.")
  private @Nullable String address;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the token for that server; without it, $" + TOKEN + ".")
  private @Nullable Path tokenFile;

  /** A client of the server. */
  Api api() {
    return server().api();
  }

  /** The server that was named, else the living stack; throws when there is neither. */
  Server server() {
    return named().orElseGet(() -> server(living()));
  }

  /** The server that was named, else this machine's own stack, started if it is not up. */
  Server serverUp() {
    return named().orElseGet(() -> server(stackUp()));
  }

  /** The server that was named, else this machine's own stack where that is up. */
  Optional<Server> serverIfUp() {
    return named()
        .or(() -> control().living().filter(it -> it.state().equals("up")).map(this::server));
  }

  /** Whether a server was named. */
  boolean isElsewhere() {
    return address != null;
  }

  private Server server(StackFile stack) {
    return new Server(URI.create(dashboard(stack)), api(stack), "");
  }

  private Optional<Server> named() {
    if (address == null) {
      if (tokenFile != null) {
        throw new UsageException("--token-file is for a server elsewhere: add --server URL");
      }
      return Optional.empty();
    }
    URI root = root(address);
    String option =
        " --server " + address + (tokenFile == null ? "" : " --token-file " + tokenFile);
    return Optional.of(new Server(root, new Api(root, token(System.getenv())), option));
  }

  /** The server's root; throws {@link UsageException} when this is no address of one. */
  static URI root(String address) {
    if (!address.matches("https?://[^/?#\\s]+/?")) {
      throw new UsageException(
          "--server %s: expected the dashboard's address, e.g. http://localhost:7070"
              .formatted(address));
    }
    try {
      return URI.create(address.endsWith("/") ? address : address + "/");
    } catch (IllegalArgumentException malformed) {
      throw new UsageException("--server %s: %s".formatted(address, malformed.getMessage()));
    }
  }

  private String token(Map<String, String> environment) {
    String token =
        tokenFile == null ? environment.getOrDefault(TOKEN, "").strip() : read(tokenFile).strip();
    if (token.isEmpty()) {
      throw new StackException(
          tokenFile == null
              ? "A server elsewhere asks for a token: name its file with --token-file, or set "
                  + TOKEN
              : "There is no token in " + tokenFile);
    }
    return token;
  }
}
