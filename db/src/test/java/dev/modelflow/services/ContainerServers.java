package dev.modelflow.services;

import dev.modelflow.objects.ObjectStoreConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * The stack's own images of Postgres, MinIO and Temporal in containers of the test JVM's own, each
 * started when first asked for. They end with the JVM.
 */
final class ContainerServers implements Servers {
  private static final String PASSWORD = "test-password";
  private static final String USER = "test-user";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The first of the images that the engine does not have. */
  static Optional<String> missingImage() {
    var client = DockerClientFactory.lazyClient();
    List<String> here =
        client.listImagesCmd().exec().stream()
            .flatMap(image -> Stream.ofNullable(image.getRepoTags()).flatMap(Stream::of))
            .toList();
    return Stream.of("postgres", "minio", "temporal")
        .map(ContainerServers::image)
        .filter(image -> !here.contains(image))
        .findFirst();
  }

  @Override
  public String name() {
    return "containers";
  }

  @Override
  public Database postgres() {
    return new Database(
        "jdbc:postgresql://" + address(Postgres.CONTAINER, 5432) + "/", "postgres", PASSWORD);
  }

  @Override
  public ObjectStoreConfig bucket(String bucket) {
    return new ObjectStoreConfig(
        "http://" + address(Minio.CONTAINER, 9000), USER, PASSWORD, bucket);
  }

  @Override
  public Optional<String> temporal() {
    return Optional.of(address(Temporal.CONTAINER, 7233));
  }

  private static String image(String name) {
    return "modelflow/" + name + ":" + System.getenv().getOrDefault("MODELFLOW_TAG", "local");
  }

  private static GenericContainer<?> container(String image, String... secrets) {
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image(image)))
            .withNetwork(Shared.NETWORK)
            .withNetworkAliases(image)
            .withStartupTimeout(PATIENCE);
    for (String secret : secrets) {
      String value = secret.endsWith("-user") ? USER : PASSWORD;
      container.withCopyToContainer(Transferable.of(value, 0444), "/run/secrets/" + secret);
    }
    return container;
  }

  private static String address(GenericContainer<?> container, int port) {
    return container.getHost() + ":" + container.getMappedPort(port);
  }

  private static final class Shared {
    private static final Network NETWORK = Network.newNetwork();
  }

  private static final class Postgres {
    private static final GenericContainer<?> CONTAINER = start();

    private static GenericContainer<?> start() {
      GenericContainer<?> postgres =
          container("postgres", "postgres-password", "ledger-password", "temporal-password")
              .withExposedPorts(5432)
              .withSharedMemorySize(128L << 20)
              .waitingFor(
                  Wait.forSuccessfulCommand(
                      "/usr/lib/postgresql/15/bin/pg_isready -q -h 127.0.0.1 -U postgres"));
      postgres.start();
      return postgres;
    }
  }

  private static final class Minio {
    private static final GenericContainer<?> CONTAINER = start();

    private static GenericContainer<?> start() {
      GenericContainer<?> minio =
          container("minio", "store-user", "store-password")
              .withEnv("MINIO_ROOT_USER_FILE", "/run/secrets/store-user")
              .withEnv("MINIO_ROOT_PASSWORD_FILE", "/run/secrets/store-password")
              .withExposedPorts(9000)
              .waitingFor(Wait.forHttp("/minio/health/live"));
      minio.start();
      return minio;
    }
  }

  private static final class Temporal {
    private static final GenericContainer<?> CONTAINER = start();

    private static GenericContainer<?> start() {
      Postgres.CONTAINER.getContainerId();
      try (GenericContainer<?> schema = container("temporal", "temporal-password")) {
        schema
            .withNetworkAliases("temporal-schema")
            .withCreateContainerCmdModifier(
                command -> command.withEntrypoint("/opt/temporal/schema"))
            .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(PATIENCE))
            .start();
      }
      GenericContainer<?> temporal =
          container("temporal", "temporal-password")
              .withExposedPorts(7233)
              .waitingFor(
                  Wait.forSuccessfulCommand(
                      "grpc-health-probe -addr=127.0.0.1:7233"
                          + " -service=temporal.api.workflowservice.v1.WorkflowService"));
      temporal.start();
      return temporal;
    }
  }
}
