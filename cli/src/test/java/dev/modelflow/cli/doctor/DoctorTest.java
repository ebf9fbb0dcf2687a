package dev.modelflow.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.server.Settings;
import dev.modelflow.cli.server.WebServer;
import dev.modelflow.domain.StageKind;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.SecurePostgres;
import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.services.LocalPostgres;
import dev.modelflow.services.ReservedPort;
import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import dev.modelflow.tls.TestAuthority;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceImplBase;
import io.temporal.internal.testservice.TestServicesStarter;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@UsesServices
class DoctorTest {
  private final Path folder;
  private final TestServicesStarter engine = new TestServicesStarter(true, 0);
  private final Server temporal;
  private final LedgerConfig ledger = TestServices.freshLedger();
  private final ObjectStoreConfig objects = TestServices.freshBucket();
  private final Map<String, String> environment = new HashMap<>();
  private final ReservedPort web = new ReservedPort();

  DoctorTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    NettyServerBuilder builder = loopback();
    engine.getServices().forEach(builder::addService);
    this.temporal = builder.build().start();
  }

  @BeforeEach
  void configure() throws IOException {
    environment.put("MODELFLOW_LEDGER_URL", ledger.url());
    environment.put("MODELFLOW_LEDGER_USER", ledger.user());
    environment.put("MODELFLOW_LEDGER_PASSWORD_FILE", file("password", ledger.password()));
    environment.put("MODELFLOW_OBJECTS_URL", objects.endpoint());
    environment.put("MODELFLOW_OBJECTS_BUCKET", objects.bucket());
    environment.put("MODELFLOW_OBJECTS_KEY_FILE", file("key", objects.accessKey()));
    environment.put("MODELFLOW_OBJECTS_SECRET_FILE", file("secret", objects.secretKey()));
    environment.put("MODELFLOW_TEMPORAL_ADDRESS", "127.0.0.1:" + temporal.getPort());
    environment.put("MODELFLOW_WEB_PORT", Integer.toString(web.number()));
    environment.put("MODELFLOW_WEB_TOKEN_FILE", file("token", "mf_right"));
  }

  @AfterEach
  void stop() {
    web.close();
    temporal.shutdownNow();
    engine.close();
  }

  @Test
  void everythingIsWellButTheWorkersThatNobodyStarted() throws IOException {
    try (WebServer server = WebServer.start(new Settings(environment))) {
      assertThat(server).isNotNull();
      List<Check> checks = Doctor.services(environment);
      assertThat(checks)
          .filteredOn(it -> it.state() != Check.State.OK)
          .extracting(Check::name)
          .containsExactly("workers of cpu", "workers of gpu");
      assertThat(checks)
          .extracting(Check::name)
          .contains(
              "ledger",
              "schema",
              "Postgres's clock",
              "objects",
              "bucket",
              "S3's clock",
              "temporal",
              "namespace",
              "search attributes",
              "web");
      URI address = URI.create("http://127.0.0.1:" + environment.get("MODELFLOW_WEB_PORT"));
      assertThat(Doctor.web(address, new Api(address, "mf_wrong")).message())
          .isEqualTo(address + " does not know the token; name the file of one that it knows");
    }
    assertWrong("web", "does not answer; start web");
  }

  @Test
  void aPoolThatNoWorkerHasIsNamedWhileStagesWaitForIt() {
    try (LedgerFixture filled = new LedgerFixture()) {
      environment.put("MODELFLOW_LEDGER_URL", filled.ledgerConfig().url());
      filled.create(
          LedgerFixture.plan(
              LedgerFixture.stage("synthesize", StageKind.SYNTHESIZE, "h100", Map.of(), Map.of())));
      assertWrong("workers of h100", "Stages wait for pool 'h100', but workers are of cpu or gpu");
    }
  }

  @Test
  void aFreshLedgerAndAMissingBucketAreNamed() {
    assertThat(check("schema").state()).isEqualTo(Check.State.WARNING);
    assertWrong("bucket", "There is no bucket '" + objects.bucket() + "'; make it");
  }

  @Test
  void aWrongKeyIsRefused() throws IOException {
    environment.put("MODELFLOW_OBJECTS_SECRET_FILE", file("secret", "wrong"));
    assertWrong("objects", "refuses the key");
  }

  @Test
  void whatIsDownIsNamedWithItsAddress() throws IOException {
    try (ReservedPort nobody = new ReservedPort()) {
      String address = "127.0.0.1:" + nobody.number();
      environment.put("MODELFLOW_LEDGER_URL", "jdbc:postgresql://" + address + "/modelflow");
      environment.put("MODELFLOW_OBJECTS_URL", "http://" + address);
      environment.put("MODELFLOW_TEMPORAL_ADDRESS", address);
      assertWrong("ledger", "cannot be reached (Connection refused); start Postgres");
      assertWrong("objects", "cannot be reached (Connection refused");
      assertWrong("temporal", "cannot be reached (connection refused); start it");
    }
  }

  @Test
  void aWrongPasswordIsToldFromAMissingDatabase() throws Exception {
    Path access =
        Files.writeString(
            folder.resolve("pg_hba.conf"),
            "host all postgres 127.0.0.1/32 trust\nhost all doctor 127.0.0.1/32 scram-sha-256\n");
    try (EmbeddedPostgres postgres =
        LocalPostgres.builder().setServerConfig("hba_file", access.toString()).start()) {
      makeRole(postgres);
      environment.put("MODELFLOW_LEDGER_USER", "doctor");
      environment.put("MODELFLOW_LEDGER_URL", postgres.getJdbcUrl("doctor", "postgres"));
      environment.put("MODELFLOW_LEDGER_PASSWORD_FILE", file("password", "right"));
      assertThat(check("ledger").state()).isEqualTo(Check.State.OK);
      environment.put("MODELFLOW_LEDGER_PASSWORD_FILE", file("password", "wrong"));
      assertWrong("ledger", "refuses the password of 'doctor'");
      environment.put("MODELFLOW_LEDGER_PASSWORD_FILE", file("password", "right"));
      environment.put("MODELFLOW_LEDGER_URL", postgres.getJdbcUrl("doctor", "elsewhere"));
      assertWrong("ledger", "there is no such database");
    }
  }

  @Test
  void aPostgresThatWantsACertificateIsToldFromOneThatRefusesTheRole() throws Exception {
    TestAuthority authority = new TestAuthority(folder, "ca");
    TestAuthority another = new TestAuthority(folder, "another");
    TestAuthority.Issued client = authority.issue("client");
    environment.put("MODELFLOW_LEDGER_USER", "postgres");
    try (SecurePostgres postgres = new SecurePostgres(folder, authority, true)) {
      environment.put("MODELFLOW_LEDGER_URL", postgres.url(client));
      assertThat(check("ledger").state()).isEqualTo(Check.State.OK);
      environment.put("MODELFLOW_LEDGER_URL", postgres.url(null));
      assertWrong("ledger", "name one and its key as sslcert and sslkey in MODELFLOW_LEDGER_URL");
      environment.put("MODELFLOW_LEDGER_URL", postgres.url(another.issue("client")));
      assertWrong("ledger", "does not trust the certificate that sslcert names");
      environment.put("MODELFLOW_LEDGER_URL", postgres.url(another, client));
      assertWrong("ledger", "name the file with its authority as sslrootcert");
      environment.put("MODELFLOW_LEDGER_URL", postgres.url(client));
      environment.put("MODELFLOW_LEDGER_USER", "nobody");
      assertWrong("ledger", "does not let 'nobody' in (FATAL: role \"nobody\" does not exist)");
    }
  }

  private static void makeRole(EmbeddedPostgres postgres) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create role doctor login password 'right'");
    }
  }

  @Test
  void aNamespaceThatIsMissingIsNamed() throws IOException {
    Server without =
        loopback()
            .addService(
                new WorkflowServiceImplBase() {
                  @Override
                  public void getSystemInfo(
                      GetSystemInfoRequest request, StreamObserver<GetSystemInfoResponse> answer) {
                    answer.onNext(GetSystemInfoResponse.getDefaultInstance());
                    answer.onCompleted();
                  }

                  @Override
                  public void describeNamespace(
                      DescribeNamespaceRequest request,
                      StreamObserver<DescribeNamespaceResponse> answer) {
                    answer.onError(Status.NOT_FOUND.asRuntimeException());
                  }
                })
            .build()
            .start();
    try {
      environment.put("MODELFLOW_TEMPORAL_ADDRESS", "127.0.0.1:" + without.getPort());
      environment.put("MODELFLOW_TEMPORAL_NAMESPACE", "elsewhere");
      assertWrong("namespace", "does not know namespace 'elsewhere' yet");
    } finally {
      without.shutdownNow();
    }
  }

  @Test
  void aSettingThatIsMissingIsNamed() {
    environment.remove("MODELFLOW_TEMPORAL_ADDRESS");
    assertWrong("temporal", "MODELFLOW_TEMPORAL_ADDRESS is not set: give it the");
  }

  @Test
  void theStateFolderIsItsOwnersAlone() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(Doctor.machine(folder))
        .contains(
            Check.warning(
                "state folder", "Others may look into %s; chmod 700 %s".formatted(folder, folder)));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    assertThat(Doctor.machine(folder))
        .contains(Check.ok("state folder", folder + " is yours alone"));
  }

  private void assertWrong(String name, String message) {
    Check check = check(name);
    assertThat(check.state()).isEqualTo(Check.State.WRONG);
    assertThat(check.message()).contains(message);
  }

  private Check check(String name) {
    List<Check> checks = Doctor.services(environment);
    return checks.stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No check '%s' in %s".formatted(name, checks)));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static NettyServerBuilder loopback() {
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .permitKeepAliveTime(1, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
  }
}
