package dev.modelflow.worker;

import dev.modelflow.tls.TestAuthority;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.temporal.internal.testservice.TestServicesStarter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Temporal's server in memory behind TLS, which may ask for certificates and for an API key. */
final class SecureEngine implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION = header("authorization");
  private static final Metadata.Key<String> NAMESPACE = header("temporal-namespace");

  private final TestServicesStarter services = new TestServicesStarter(true, 0);
  private final Set<String> namespaces = ConcurrentHashMap.newKeySet();
  private final Server server;
  private final String address;
  private volatile @Nullable String apiKey;

  /**
   * Starts on any port.
   *
   * @param shown certificate and key of the server
   * @param clients authority of the certificates that clients must show; null to ask for none
   */
  SecureEngine(TestAuthority.Issued shown, @Nullable Path clients) throws IOException {
    SslContextBuilder tls =
        GrpcSslContexts.forServer(shown.certificate().toFile(), shown.key().toFile());
    if (clients != null) {
      tls.trustManager(clients.toFile()).clientAuth(ClientAuth.REQUIRE);
    }
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(tls.build())
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .intercept(new Gate());
    services.getServices().forEach(builder::addService);
    this.server = builder.build().start();
    this.address = "127.0.0.1:" + server.getPort();
  }

  /** Its address, also when it has ended. */
  String address() {
    return address;
  }

  /** From now on, only calls with this key are answered. */
  void demand(String key) {
    apiKey = key;
  }

  /** The namespaces that calls named in their headers. */
  Set<String> namespaces() {
    return namespaces;
  }

  @Override
  public void close() {
    server.shutdownNow();
    services.close();
  }

  private static Metadata.Key<String> header(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private final class Gate implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      if (apiKey != null && !("Bearer " + apiKey).equals(headers.get(AUTHORIZATION))) {
        call.close(Status.UNAUTHENTICATED.withDescription("Request unauthorized."), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      String namespace = headers.get(NAMESPACE);
      if (namespace != null) {
        namespaces.add(namespace);
      }
      return next.startCall(call, headers);
    }
  }
}
