package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.workflow.SearchKeys;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.AddSearchAttributesResponse;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesResponse;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc.OperatorServiceImplBase;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SearchSetupTest {
  private static final IndexedValueType KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

  private final Operator operator = new Operator();
  private LoopbackEngine server;
  private TemporalConfig config;
  private WorkflowServiceStubs stubs;

  @BeforeEach
  void start() throws IOException {
    server = new LoopbackEngine(operator);
    config = new TemporalConfig(server.address());
    stubs = TemporalClients.stubs(config);
  }

  @AfterEach
  void stop() {
    stubs.shutdownNow();
    server.close();
  }

  @Test
  void whatIsMissingIsRegisteredOnce() {
    operator.known.put("ModelflowRun", KEYWORD);
    assertThat(SearchSetup.look(stubs, config))
        .hasValue("it lacks ModelflowProject, ModelflowRecipe, ModelflowStage");
    assertThat(SearchSetup.ensure(stubs, config)).isEmpty();
    assertThat(SearchSetup.ensure(stubs, config)).isEmpty();
    assertThat(operator.known.keySet()).containsExactlyInAnyOrderElementsOf(SearchKeys.names());
    assertThat(operator.added).isEqualTo(3);
    assertThat(SearchSetup.look(stubs, config)).isEmpty();
  }

  @Test
  void anEngineThatListsNoneIsGivenAllOfThemEachTime() {
    operator.listing = Status.UNIMPLEMENTED;
    assertThat(SearchSetup.ensure(stubs, config)).isEmpty();
    assertThat(SearchSetup.ensure(stubs, config)).isEmpty();
    assertThat(operator.known).hasSize(4);
    assertThat(SearchSetup.look(stubs, config)).isEmpty();
  }

  @Test
  void anEngineThatRefusesIsDoneWithout() {
    operator.adding = Status.PERMISSION_DENIED.withDescription("Not yours");
    assertThat(SearchSetup.ensure(stubs, config))
        .hasValue("it answered PERMISSION_DENIED: Not yours");
    operator.known.put("ModelflowRun", IndexedValueType.INDEXED_VALUE_TYPE_TEXT);
    SearchKeys.names().forEach(name -> operator.known.putIfAbsent(name, KEYWORD));
    assertThat(SearchSetup.ensure(stubs, config))
        .hasValue("its ModelflowRun is no keyword but INDEXED_VALUE_TYPE_TEXT");
  }

  @Test
  void anEngineThatIsAwayDecidesNothing() {
    server.close();
    assertThatThrownBy(() -> SearchSetup.ensure(stubs, config))
        .isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void aNamespaceThatIsNotKnownYetDecidesNothing() {
    operator.listing = Status.NOT_FOUND.withDescription("Namespace modelflow is not found.");
    assertThatThrownBy(() -> SearchSetup.ensure(stubs, config))
        .isInstanceOf(StatusRuntimeException.class);
    operator.listing = Status.OK;
    assertThat(SearchSetup.ensure(stubs, config)).isEmpty();
  }

  /** As much of a Temporal server as knows search attributes. */
  private static final class Operator extends OperatorServiceImplBase {
    private final Map<String, IndexedValueType> known = new HashMap<>();
    private Status listing = Status.OK;
    private Status adding = Status.OK;
    private int added;

    @Override
    public void listSearchAttributes(
        ListSearchAttributesRequest request, StreamObserver<ListSearchAttributesResponse> answer) {
      if (!listing.isOk()) {
        answer.onError(listing.asRuntimeException());
        return;
      }
      answer.onNext(
          ListSearchAttributesResponse.newBuilder().putAllCustomAttributes(known).build());
      answer.onCompleted();
    }

    @Override
    public void addSearchAttributes(
        AddSearchAttributesRequest request, StreamObserver<AddSearchAttributesResponse> answer) {
      Map<String, IndexedValueType> wanted = request.getSearchAttributesMap();
      if (!adding.isOk()) {
        answer.onError(adding.asRuntimeException());
      } else if (wanted.keySet().stream().anyMatch(known::containsKey)) {
        answer.onError(Status.ALREADY_EXISTS.asRuntimeException());
      } else {
        known.putAll(wanted);
        added++;
        answer.onNext(AddSearchAttributesResponse.getDefaultInstance());
        answer.onCompleted();
      }
    }
  }
}
