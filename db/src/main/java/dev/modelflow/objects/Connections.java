package dev.modelflow.objects;

import dev.modelflow.tls.Authorities;
import io.minio.MinioClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Connections to a store. */
final class Connections {
  /** The most at a time; left to itself, the client takes five. */
  private static final int MOST = 32;

  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration ASSEMBLY = Duration.ofMinutes(5);

  private Connections() {}

  /** A client over {@code http} that shows the key. */
  static MinioClient client(ObjectStoreConfig config, OkHttpClient http) {
    return MinioClient.builder()
        .endpoint(config.endpoint())
        .region("us-east-1")
        .credentials(config.accessKey(), config.secretKey())
        .httpClient(http)
        .build();
  }

  /** Connections that trust whom the configuration names. */
  static OkHttpClient http(ObjectStoreConfig config) {
    Dispatcher dispatcher = new Dispatcher();
    dispatcher.setMaxRequestsPerHost(MOST);
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .connectionPool(new ConnectionPool(MOST, IDLE.toSeconds(), TimeUnit.SECONDS))
            .socketFactory(new ReadAheadSockets())
            .addInterceptor(Connections::waitForAssembly)
            .retryOnConnectionFailure(true);
    if (config.authorities() != null) {
      Authorities authorities = new Authorities(config.authorities());
      builder.sslSocketFactory(authorities.context().getSocketFactory(), authorities);
    }
    return builder.build();
  }

  /** A server answers the end of a large upload only when it has put the parts together. */
  private static Response waitForAssembly(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    boolean ends =
        request.method().equals("POST") && request.url().queryParameter("uploadId") != null;
    Interceptor.Chain patient =
        ends ? chain.withReadTimeout((int) ASSEMBLY.toSeconds(), TimeUnit.SECONDS) : chain;
    return patient.proceed(request);
  }

  static void close(OkHttpClient http) {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
