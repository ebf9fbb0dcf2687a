package dev.modelflow.worker;

import dev.modelflow.tls.Authorities;
import dev.modelflow.tls.Identity;
import dev.modelflow.tls.TextFiles;
import dev.modelflow.tls.Watched;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.temporal.serviceclient.ServiceStubsOptions;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLException;

/** Makes connections to the workflow engine safe, as a {@link TemporalConfig} says. */
final class EngineChannel {
  private static final Metadata.Key<String> NAMESPACE =
      Metadata.Key.of("temporal-namespace", Metadata.ASCII_STRING_MARSHALLER);

  private EngineChannel() {}

  /** Target, TLS and key of new connections. */
  static <B extends ServiceStubsOptions.Builder<B>> B options(B options, TemporalConfig config) {
    options.setTarget(config.address());
    TemporalTls tls = config.tls();
    if (tls != null) {
      options.setSslContext(context(tls));
      String name = tls.serverName();
      if (name != null) {
        options.setChannelInitializer(channel -> channel.overrideAuthority(name));
      }
    }
    return authorised(options, config);
  }

  /** Sends the key with every call. */
  static <B extends ServiceStubsOptions.Builder<B>> B authorised(B options, TemporalConfig config) {
    Path file = config.apiKey();
    if (file != null) {
      options.addApiKey(new Watched<>(List.of(file), () -> TextFiles.read(file))::get);
    }
    return options;
  }

  /**
   * Names the namespace in the header by which Temporal Cloud tells whose key it is. A client of
   * workflows sends it by itself; other stubs do not.
   */
  static <S extends AbstractStub<S>> S inNamespace(S stub, TemporalConfig config) {
    Metadata headers = new Metadata();
    headers.put(NAMESPACE, config.namespace());
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static SslContext context(TemporalTls tls) {
    SslContextBuilder builder = GrpcSslContexts.forClient();
    if (tls.authorities() != null) {
      builder.trustManager(new Authorities(tls.authorities()));
    }
    if (tls.certificate() != null && tls.key() != null) {
      builder.keyManager(new Identity(tls.certificate(), tls.key()));
    }
    try {
      return builder.build();
    } catch (SSLException failure) {
      throw new IllegalStateException("This machine cannot speak TLS to Temporal", failure);
    }
  }
}
