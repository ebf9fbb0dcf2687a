package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.modelflow.tls.TestAuthority;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractStringAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Temporal over TLS, with certificates and keys in files. */
class SecureEngineTest {
  private final Path folder;
  private final TestAuthority authority;
  private final List<AutoCloseable> open = new ArrayList<>();

  SecureEngineTest(@TempDir Path folder) {
    this.folder = folder;
    this.authority = new TestAuthority(folder, "ca");
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  @Test
  void theRightAuthorityLetsWorkflowsStart() throws IOException {
    SecureEngine engine = engine(null);
    TemporalConfig config = config(engine, tls(authority.certificate(), null), null);
    WorkflowServiceStubs stubs = stubs(config);
    TemporalClients.ensureNamespace(stubs, config);
    WorkflowClient client = TemporalClients.client(stubs, config);
    assertThat(
            client
                .newUntypedWorkflowStub(
                    "AnyWorkflow", WorkflowOptions.newBuilder().setTaskQueue("any").build())
                .start("argument")
                .getWorkflowId())
        .isNotEmpty();
    assertThat(engine.namespaces()).containsExactly("modelflow");
  }

  @Test
  void anotherAuthorityIsNotTrusted() throws IOException {
    TestAuthority another = new TestAuthority(folder, "another");
    SecureEngine engine = engine(null);
    for (Path trusted : new Path[] {null, another.certificate()}) {
      refusal(config(engine, tls(trusted, null), null))
          .startsWith(
              "Temporal at " + engine.address() + " shows a certificate that is not trusted")
          .endsWith("name the file with its authority in MODELFLOW_TEMPORAL_TLS_CA_FILE");
    }
  }

  @Test
  void theNameInTheCertificateMayDifferFromTheAddress() throws IOException {
    SecureEngine engine = open(new SecureEngine(authority.issue("server", "temporal.test"), null));
    Path trusted = authority.certificate();
    accepts(config(engine, new TemporalTls(trusted, "temporal.test", null, null), null));
    refusal(config(engine, new TemporalTls(trusted, "other.test", null, null), null))
        .contains("shows a certificate for another name")
        .endsWith("give the name in it as MODELFLOW_TEMPORAL_TLS_SERVER_NAME");
  }

  @Test
  void aServerThatAsksWhoThereIsWantsACertificateOfItsAuthority() throws IOException {
    TestAuthority another = new TestAuthority(folder, "another");
    SecureEngine engine = engine(authority.certificate());
    TestAuthority.Issued client = authority.issue("client");
    TestAuthority.Issued stranger = another.issue("client");
    accepts(config(engine, tls(authority.certificate(), client), null));
    refusal(config(engine, tls(authority.certificate(), null), null))
        .contains("may want a client's certificate")
        .endsWith("name one in MODELFLOW_TEMPORAL_TLS_CERT_FILE");
    refusal(config(engine, tls(authority.certificate(), stranger), null))
        .contains("may not trust the certificate in '" + stranger.certificate() + "'");
  }

  @Test
  void theApiKeyGoesWithEveryCallAsItsFileSays() throws IOException {
    SecureEngine engine = engine(null);
    engine.demand("right");
    Path file = Files.writeString(folder.resolve("api-key"), "wrong\n");
    TemporalConfig config = config(engine, tls(authority.certificate(), null), file);
    refusal(config)
        .isEqualTo(
            "Temporal at %s refuses the API key in '%s' (Request unauthorized.); write a key into"
                    .formatted(engine.address(), file)
                + " it that may use namespace 'modelflow'");
    refusal(config(engine, tls(authority.certificate(), null), null))
        .endsWith("name its file in MODELFLOW_TEMPORAL_API_KEY_FILE");
    WorkflowServiceStubs stubs = stubs(config);
    Files.writeString(file, "right\n");
    assertThatCode(() -> TemporalClients.ensureNamespace(stubs, config)).doesNotThrowAnyException();
  }

  @Test
  void oneThatSpeaksTlsAndOneThatDoesNotAreToldApart() throws IOException {
    SecureEngine engine = new SecureEngine(authority.issue("server"), null);
    try (engine) {
      refusal(new TemporalConfig(engine.address()))
          .endsWith("if it wants TLS, set MODELFLOW_TEMPORAL_TLS to 'on'");
    }
    refusal(config(engine, tls(authority.certificate(), null), null))
        .contains("cannot be reached (connection refused)")
        .endsWith("start it, or correct MODELFLOW_TEMPORAL_ADDRESS");
  }

  private SecureEngine engine(@Nullable Path clients) throws IOException {
    return open(new SecureEngine(authority.issue("server"), clients));
  }

  private <C extends AutoCloseable> C open(C closeable) {
    open.add(closeable);
    return closeable;
  }

  private WorkflowServiceStubs stubs(TemporalConfig config) {
    WorkflowServiceStubs stubs = TemporalClients.stubs(config);
    open.add(stubs::shutdownNow);
    return stubs;
  }

  private void accepts(TemporalConfig config) {
    TemporalClients.ensureNamespace(stubs(config), config);
  }

  private AbstractStringAssert<?> refusal(TemporalConfig config) {
    try {
      accepts(config);
    } catch (RuntimeException failure) {
      return assertThat(EngineFault.explain(failure, config));
    }
    throw new AssertionError("It was accepted");
  }

  private static TemporalTls tls(@Nullable Path trusted, TestAuthority.@Nullable Issued shown) {
    return new TemporalTls(
        trusted,
        null,
        shown == null ? null : shown.certificate(),
        shown == null ? null : shown.key());
  }

  private static TemporalConfig config(
      SecureEngine engine, TemporalTls tls, @Nullable Path apiKey) {
    return new TemporalConfig(engine.address()).over(tls, apiKey);
  }
}
