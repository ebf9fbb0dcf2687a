package dev.modelflow.cli.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Says why a server gave no answer, and what to do.
 *
 * @param base the server's address
 * @param connecting how long it may take to let one connect
 * @param answering how long it may take to answer
 */
record Unanswered(URI base, Duration connecting, Duration answering) {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  /**
   * What the failure says.
   *
   * @param changes whether what was asked for changes something
   */
  ApiException of(IOException failure, boolean changes) {
    return new ApiException(0, sentence(failure, changes), List.of());
  }

  private String sentence(IOException failure, boolean changes) {
    return switch (failure) {
      case ConnectException refused -> "Nothing answers at " + base + "; " + remedy();
      case HttpConnectTimeoutException slow ->
          "Nothing answers at %s within %d s; %s".formatted(base, connecting.toSeconds(), remedy());
      case HttpTimeoutException slow ->
          "The server at %s did not answer within %d s; %s"
              .formatted(base, answering.toSeconds(), changes ? lookFirst() : askAgain());
      default ->
          "The server at %s did not answer: %s; %s"
              .formatted(base, reason(failure), changes ? lookFirst() : remedy());
    };
  }

  private static String reason(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private String remedy() {
    String host = base.getHost();
    return host != null && LOOPBACK.matcher(host).matches()
        ? "start the stack with: modelflow up (in containers: modelflow stack up)"
        : "check --server and that the server is up";
  }

  private static String askAgain() {
    return "it may be busy: run the command again later, and look into its log if it stays so";
  }

  /** Each command's request has a key of its own, so the server would do it twice. */
  private static String lookFirst() {
    return "it may do it all the same: look whether it did (modelflow runs, modelflow workers)"
        + " before you run the command again";
  }
}
