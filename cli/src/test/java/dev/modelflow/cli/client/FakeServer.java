package dev.modelflow.cli.client;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A server that gives prepared answers. */
public final class FakeServer implements AutoCloseable {
  private final HttpServer server;

  /** A server that knows no path yet. */
  public FakeServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    server.start();
  }

  /** What it answers at {@code path}, one after the other; the last one again and again. */
  public FakeServer at(String path, Answer... answers) {
    Deque<Answer> left = new ArrayDeque<>(List.of(answers));
    server.createContext(
        path,
        exchange -> {
          Answer answer = left.size() > 1 ? left.removeFirst() : left.getFirst();
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    return this;
  }

  /** Where it listens. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** A client of this server. */
  public Api api() {
    return new Api(uri(), "mf_token");
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** One answer. */
  public record Answer(int status, String body) {
    /** With status 200. */
    public static Answer of(String body) {
      return new Answer(200, body);
    }
  }
}
