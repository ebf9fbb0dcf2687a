package dev.modelflow.worker;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.modelflow.codec.PayloadCipher;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.namespace.v1.NamespaceConfig;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.RegisterNamespaceRequest;
import io.temporal.api.workflowservice.v1.UpdateNamespaceRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.Jackson3JsonPayloadConverter;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** How every process of the platform speaks to Temporal. */
public final class TemporalClients {
  private static final Logger LOG = LoggerFactory.getLogger(TemporalClients.class);
  private static final DataConverter CONVERTER =
      DefaultDataConverter.newDefaultInstance()
          .withPayloadConverterOverrides(
              new Jackson3JsonPayloadConverter(JsonMapper.builder().build()));

  private TemporalClients() {}

  /** Connects when first used. */
  public static WorkflowServiceStubs stubs(TemporalConfig config) {
    return WorkflowServiceStubs.newServiceStubs(
        EngineChannel.options(WorkflowServiceStubsOptions.newBuilder(), config).build());
  }

  /**
   * A client over {@code stubs}; payloads are JSON by Jackson 3, encrypted where the configuration
   * names keys.
   */
  public static WorkflowClient client(WorkflowServiceStubs stubs, TemporalConfig config) {
    return WorkflowClient.newInstance(
        stubs,
        WorkflowClientOptions.newBuilder()
            .setNamespace(config.namespace())
            .setDataConverter(converter(config.keys()))
            .build());
  }

  private static DataConverter converter(@Nullable Path keys) {
    return keys == null
        ? CONVERTER
        // Also the messages and stack traces of failures.
        : new CodecDataConverter(CONVERTER, List.of(new PayloadCipher(keys)), true);
  }

  /**
   * Registers the platform's namespace unless it is there, and sets its retention. Several
   * processes may do so at once. Throws NOT_FOUND, to be tried again, when the retention of a
   * namespace is to change that was registered within seconds.
   */
  public static void ensureNamespace(WorkflowServiceStubs stubs, TemporalConfig config) {
    WorkflowServiceBlockingStub engine = EngineChannel.inNamespace(stubs.blockingStub(), config);
    Duration wanted = Durations.fromSeconds(config.retention().toSeconds());
    Optional<NamespaceConfig> found = describe(engine, config.namespace());
    if (found.isEmpty()) {
      register(engine, config, wanted);
    } else if (keepsOtherwise(found.get(), wanted)) {
      update(engine, config, wanted);
    }
  }

  /** The engine in memory knows every namespace and keeps histories without a retention. */
  private static boolean keepsOtherwise(NamespaceConfig found, Duration wanted) {
    return found.hasWorkflowExecutionRetentionTtl()
        && !found.getWorkflowExecutionRetentionTtl().equals(wanted);
  }

  private static Optional<NamespaceConfig> describe(
      WorkflowServiceBlockingStub engine, String namespace) {
    try {
      return Optional.of(
          engine
              .describeNamespace(
                  DescribeNamespaceRequest.newBuilder().setNamespace(namespace).build())
              .getConfig());
    } catch (StatusRuntimeException answer) {
      if (answer.getStatus().getCode() != Status.Code.NOT_FOUND) {
        throw answer;
      }
      return Optional.empty();
    }
  }

  private static void update(
      WorkflowServiceBlockingStub engine, TemporalConfig config, Duration retention) {
    engine.updateNamespace(
        UpdateNamespaceRequest.newBuilder()
            .setNamespace(config.namespace())
            .setConfig(NamespaceConfig.newBuilder().setWorkflowExecutionRetentionTtl(retention))
            .build());
    LOG.info("Namespace '{}' keeps histories for {}", config.namespace(), config.retention());
  }

  private static void register(
      WorkflowServiceBlockingStub engine, TemporalConfig config, Duration retention) {
    try {
      engine.registerNamespace(
          RegisterNamespaceRequest.newBuilder()
              .setNamespace(config.namespace())
              .setDescription("Modelflow")
              .setWorkflowExecutionRetentionPeriod(retention)
              .build());
      LOG.info("Registered namespace '{}'", config.namespace());
    } catch (StatusRuntimeException answer) {
      if (answer.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
        throw answer;
      }
    }
  }
}
