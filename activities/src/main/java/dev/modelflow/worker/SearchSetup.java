package dev.modelflow.worker;

import dev.modelflow.workflow.SearchKeys;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc.OperatorServiceBlockingStub;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Makes Temporal know the attributes by which an operator finds workflows. */
public final class SearchSetup {
  private static final IndexedValueType KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

  /** Not found: a namespace becomes known some seconds after it was registered. */
  private static final Set<Status.Code> NOT_YET =
      Set.of(
          Status.Code.UNAVAILABLE,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.CANCELLED,
          Status.Code.NOT_FOUND);

  private SearchSetup() {}

  /**
   * Registers in the platform's namespace what is missing there; several processes may do so at
   * once.
   *
   * @return why workflows must do without them; empty when they may carry them
   * @throws StatusRuntimeException when the engine is away or does not know the namespace yet
   */
  public static Optional<String> ensure(WorkflowServiceStubs stubs, TemporalConfig config) {
    return asking(
        stubs,
        config,
        engine -> {
          Map<String, IndexedValueType> known = known(engine, config).orElse(Map.of());
          missing(known).forEach(name -> add(engine, config, name));
          return ofAnotherType(known);
        });
  }

  /**
   * What {@link #ensure} would have to do, without doing it.
   *
   * @throws StatusRuntimeException when the engine is away or does not know the namespace yet
   */
  public static Optional<String> look(WorkflowServiceStubs stubs, TemporalConfig config) {
    return asking(
        stubs,
        config,
        engine ->
            // The engine in memory takes attributes but lists none.
            known(engine, config)
                .flatMap(
                    known ->
                        missing(known).isEmpty()
                            ? ofAnotherType(known)
                            : Optional.of("it lacks " + String.join(", ", missing(known)))));
  }

  private static Optional<String> asking(
      WorkflowServiceStubs stubs,
      TemporalConfig config,
      Function<OperatorServiceBlockingStub, Optional<String>> question) {
    OperatorServiceStubs operator =
        OperatorServiceStubs.newServiceStubs(
            EngineChannel.authorised(
                    OperatorServiceStubsOptions.newBuilder().setChannel(stubs.getRawChannel()),
                    config)
                .validateAndBuildWithDefaults());
    try {
      return question.apply(EngineChannel.inNamespace(operator.blockingStub(), config));
    } catch (StatusRuntimeException answer) {
      if (NOT_YET.contains(answer.getStatus().getCode())) {
        throw answer;
      }
      return Optional.of("it answered " + answer.getMessage());
    } finally {
      operator.shutdownNow();
    }
  }

  private static Optional<Map<String, IndexedValueType>> known(
      OperatorServiceBlockingStub engine, TemporalConfig config) {
    try {
      return Optional.of(
          engine
              .listSearchAttributes(
                  ListSearchAttributesRequest.newBuilder().setNamespace(config.namespace()).build())
              .getCustomAttributesMap());
    } catch (StatusRuntimeException answer) {
      if (answer.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return Optional.empty();
      }
      throw answer;
    }
  }

  private static List<String> missing(Map<String, IndexedValueType> known) {
    return SearchKeys.names().stream().filter(name -> !known.containsKey(name)).toList();
  }

  private static Optional<String> ofAnotherType(Map<String, IndexedValueType> known) {
    return SearchKeys.names().stream()
        .filter(name -> known.containsKey(name) && known.get(name) != KEYWORD)
        .findFirst()
        .map(name -> "its %s is no keyword but %s".formatted(name, known.get(name)));
  }

  /** One by one: an engine that knows one of several may refuse them all. */
  private static void add(OperatorServiceBlockingStub engine, TemporalConfig config, String name) {
    try {
      engine.addSearchAttributes(
          AddSearchAttributesRequest.newBuilder()
              .setNamespace(config.namespace())
              .putSearchAttributes(name, KEYWORD)
              .build());
    } catch (StatusRuntimeException answer) {
      if (answer.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
        throw answer;
      }
    }
  }
}
