package dev.modelflow.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;

class ReadAheadSocketsTest {
  private final SocketFactory sockets = new ReadAheadSockets();

  @Test
  void everyByteArrivesInItsOrderHoweverItIsAskedFor() throws Exception {
    byte[] sent = new byte[1_000_003];
    new Random(7).nextBytes(sent);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, loopback);
        ExecutorService sender = Executors.newSingleThreadExecutor()) {
      Future<?> sending =
          sender.submit(
              () -> {
                try (Socket peer = server.accept();
                    OutputStream out = peer.getOutputStream()) {
                  out.write(sent);
                }
                return true;
              });
      try (Socket socket = sockets.createSocket(loopback, server.getLocalPort())) {
        assertThat(readInPieces(socket, new Random(8))).isEqualTo(sent);
      }
      sending.get();
    }
  }

  /** Asks for the stream each time, as a client does that puts TLS over the socket. */
  private static byte[] readInPieces(Socket socket, Random sizes) throws Exception {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    byte[] buffer = new byte[300_000];
    while (true) {
      InputStream in = socket.getInputStream();
      int read = in.read(buffer, 0, 1 + sizes.nextInt(sizes.nextBoolean() ? 10 : buffer.length));
      if (read < 0) {
        return received.toByteArray();
      }
      received.write(buffer, 0, read);
    }
  }
}
