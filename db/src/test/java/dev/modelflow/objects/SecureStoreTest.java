package dev.modelflow.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.Digest;
import dev.modelflow.tls.TestAuthority;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Properties;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store over TLS, as MODELFLOW_OBJECTS_CA_FILE sets it up. */
class SecureStoreTest {
  private final Path folder;
  private final TestAuthority authority;
  private S3Proxy server;

  SecureStoreTest(@TempDir Path folder) {
    this.folder = folder;
    this.authority = new TestAuthority(folder, "ca");
  }

  @BeforeEach
  void start() throws Exception {
    authority.issue("server");
    Properties properties = new Properties();
    properties.setProperty(
        "jclouds.filesystem.basedir", Files.createDirectory(folder.resolve("data")).toString());
    server =
        S3Proxy.builder()
            .blobStore(BlobStores.create("filesystem-nio2", properties))
            .secureEndpoint(URI.create("https://127.0.0.1:0"))
            .sslContext(context())
            .awsAuthentication(AuthenticationType.AWS_V4, "key", "secret")
            .build();
    server.start();
  }

  private SSLContext context() throws Exception {
    KeyStore keys =
        KeyStore.getInstance(authority.store().toFile(), authority.password().toCharArray());
    keys.deleteEntry("ca");
    KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
    factory.init(keys, authority.password().toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void objectsGoToAServerWhoseAuthorityTheFileNames() throws Exception {
    Path file = Files.writeString(folder.resolve("object"), "bytes");
    Digest digest = Digests.of(file);
    try (ObjectStore store = ObjectStore.open(config().trusting(authority.certificate()))) {
      store.put(file, digest);
      store.get(digest, folder.resolve("back"));
    }
    assertThat(folder.resolve("back")).hasContent("bytes");
  }

  @Test
  void aServerOfAnotherAuthorityIsRefusedAtOnce() {
    TestAuthority another = new TestAuthority(folder, "another");
    for (ObjectStoreConfig config :
        new ObjectStoreConfig[] {config(), config().trusting(another.certificate())}) {
      assertThatThrownBy(() -> ObjectStore.open(config))
          .isInstanceOf(ObjectStoreException.class)
          .hasMessageStartingWith(
              "Could not make bucket 'modelflow': the server's certificate is not trusted (")
          .hasMessageEndingWith("name the file with its authority in MODELFLOW_OBJECTS_CA_FILE");
    }
  }

  private ObjectStoreConfig config() {
    return new ObjectStoreConfig(
        "https://127.0.0.1:" + server.getSecurePort(), "key", "secret", "modelflow");
  }
}
