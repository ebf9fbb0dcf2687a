package dev.modelflow.cli.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;

/**
 * The loopback ports of a stack.
 *
 * @param dashboard of the web application
 * @param postgres of the ledger
 * @param objects of the object server
 * @param temporal of the workflow engine
 */
public record Ports(int dashboard, int postgres, int objects, int temporal) {
  private static final int DEFAULT = 7070;

  /**
   * The dashboard's port as {@code MODELFLOW_PORT} says, else 7070, and the three behind it; 0
   * means any free ones.
   */
  public static Ports of(Map<String, String> environment) {
    String text = environment.getOrDefault("MODELFLOW_PORT", "").strip();
    if (text.isEmpty()) {
      return from(DEFAULT);
    }
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_532) {
      throw new StackException(
          "MODELFLOW_PORT is '" + text + "': expected a number from 0 to 65532");
    }
    int first = Integer.parseInt(text);
    return first == 0 ? new Ports(free(), free(), free(), free()) : from(first);
  }

  private static Ports from(int first) {
    return new Ports(first, first + 1, first + 2, first + 3);
  }

  /** Throws {@link StackException} with the remedy when another process listens on one of them. */
  void requireFree() {
    for (int port : new int[] {dashboard, postgres, objects, temporal}) {
      if (!isFree(port)) {
        throw new StackException(
            "Port %d is in use by another program; end that, or choose four other ports: MODELFLOW_PORT=%d ./modelflow up"
                .formatted(port, dashboard < 60_000 ? dashboard + 100 : DEFAULT));
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException("No free port on this machine", failure);
    }
  }
}
