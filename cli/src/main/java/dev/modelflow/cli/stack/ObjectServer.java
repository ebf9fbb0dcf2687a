package dev.modelflow.cli.stack;

import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/** The stack's object server: S3 over a folder, loopback only, with generated keys. */
final class ObjectServer implements AutoCloseable {
  private final S3Proxy server;

  private ObjectServer(S3Proxy server) {
    this.server = server;
  }

  static ObjectServer start(StateFolder state, int port, Secrets secrets) {
    Properties properties = new Properties();
    properties.setProperty("jclouds.filesystem.basedir", state.folder("objects").toString());
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(BlobStores.create("filesystem-nio2", properties))
            .endpoint(URI.create("http://127.0.0.1:" + port))
            .awsAuthentication(
                AuthenticationType.AWS_V4, secrets.objectKey(), secrets.objectSecret())
            .build();
    try {
      server.start();
    } catch (Exception failure) {
      throw new StackException("The object server did not start on port " + port, failure);
    }
    return new ObjectServer(server);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception failure) {
      throw new StackException("The object server did not stop", failure);
    }
  }
}
