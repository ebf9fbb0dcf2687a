package dev.modelflow.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of the loopback interface at which nobody listens, and which the system gives to nobody
 * else until this is closed. Servers that are told its number may listen there meanwhile: they
 * allow others to have bound the same address, as all do that are to start again at once.
 */
public final class ReservedPort implements AutoCloseable {
  private final Socket socket = new Socket();

  /** Reserves any free port. */
  public ReservedPort() {
    try {
      // Without it nobody else could listen there.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not reserve a port", failure);
    }
  }

  /** Its number. */
  public int number() {
    return socket.getLocalPort();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not free port " + number(), failure);
    }
  }
}
