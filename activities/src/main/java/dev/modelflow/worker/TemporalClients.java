package dev.modelflow.worker;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.Jackson3JsonPayloadConverter;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import tools.jackson.databind.json.JsonMapper;

/** How every process of the platform speaks to Temporal. */
public final class TemporalClients {
  private static final DataConverter CONVERTER =
      DefaultDataConverter.newDefaultInstance()
          .withPayloadConverterOverrides(
              new Jackson3JsonPayloadConverter(JsonMapper.builder().build()));

  private TemporalClients() {}

  /** Payloads as JSON by Jackson 3, as everywhere in the platform. */
  public static WorkflowClientOptions options() {
    return WorkflowClientOptions.newBuilder()
        .setNamespace("default")
        .setDataConverter(CONVERTER)
        .build();
  }

  /** Connects when first used; {@code address} is host:port. */
  public static WorkflowServiceStubs stubs(String address) {
    return WorkflowServiceStubs.newServiceStubs(
        WorkflowServiceStubsOptions.newBuilder().setTarget(address).build());
  }

  /** A client over {@code stubs}. */
  public static WorkflowClient client(WorkflowServiceStubs stubs) {
    return WorkflowClient.newInstance(stubs, options());
  }
}
