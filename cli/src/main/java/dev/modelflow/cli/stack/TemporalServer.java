package dev.modelflow.cli.stack;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.internal.testservice.TestServicesStarter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The stack's workflow engine: Temporal's server for tests, in memory. Its own factory would listen
 * on every interface; this one listens on loopback, and time does not skip. Workflows that are lost
 * with it are started again from the ledger.
 */
final class TemporalServer implements AutoCloseable {
  private final TestServicesStarter services;
  private final Server server;

  private TemporalServer(TestServicesStarter services, Server server) {
    this.services = services;
    this.server = server;
  }

  static TemporalServer start(int port) {
    TestServicesStarter services = new TestServicesStarter(true, 0);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxInboundMessageSize(16 << 20);
    services.getServices().forEach(builder::addService);
    try {
      return new TemporalServer(services, builder.build().start());
    } catch (IOException failure) {
      services.close();
      throw new StackException("The workflow engine did not start on port " + port, failure);
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
    services.close();
  }
}
