package dev.modelflow.worker;

import dev.modelflow.ledger.Ledger;
import dev.modelflow.services.TestServices;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.DeleteWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.testserver.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A workflow engine that a test can make forget everything. */
sealed interface Engine extends AutoCloseable {
  /** A namespace of the test services' Temporal, or an engine in the memory of this JVM. */
  static Engine start() {
    return TestServices.temporal().<Engine>map(Server::new).orElseGet(InMemory::new);
  }

  /** Where it is. */
  TemporalConfig config();

  /** Loses every workflow of the runs in {@code ledger}. */
  void forget(Ledger ledger);

  @Override
  void close();

  /** Forgets by ending and starting empty. */
  final class InMemory implements Engine {
    private final int port = freePort();
    private TestServer.PortBoundTestServer server = TestServer.createPortBoundServer(port, true);

    @Override
    public TemporalConfig config() {
      return new TemporalConfig("127.0.0.1:" + port);
    }

    @Override
    public void forget(Ledger ledger) {
      server.close();
      server = TestServer.createPortBoundServer(port, true);
    }

    @Override
    public void close() {
      server.close();
    }

    private static int freePort() {
      try (ServerSocket socket = new ServerSocket(0)) {
        return socket.getLocalPort();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  /** Forgets by deleting. */
  final class Server implements Engine {
    private final TemporalConfig config;

    private Server(String address) {
      config = new TemporalConfig(address, TestServices.freshName("test-"), Duration.ofDays(1));
    }

    @Override
    public TemporalConfig config() {
      return config;
    }

    @Override
    public void forget(Ledger ledger) {
      WorkflowServiceStubs stubs = TemporalClients.stubs(config);
      try {
        List<WorkflowExecution> lost =
            ledger.runs().unfinished().stream()
                .flatMap(
                    run ->
                        Stream.concat(
                            ledger.stages().of(run).stream().map(it -> run + "." + it.name()),
                            Stream.of(run)))
                .map(id -> WorkflowExecution.newBuilder().setWorkflowId(id).build())
                .filter(execution -> knows(stubs.blockingStub(), execution))
                .toList();
        lost.forEach(
            execution ->
                stubs
                    .blockingStub()
                    .deleteWorkflowExecution(
                        DeleteWorkflowExecutionRequest.newBuilder()
                            .setNamespace(config.namespace())
                            .setWorkflowExecution(execution)
                            .build()));
      } finally {
        stubs.shutdownNow();
      }
    }

    private boolean knows(WorkflowServiceBlockingStub stub, WorkflowExecution execution) {
      try {
        stub.describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(config.namespace())
                .setExecution(execution)
                .build());
        return true;
      } catch (StatusRuntimeException answer) {
        if (answer.getStatus().getCode() == Status.Code.NOT_FOUND) {
          return false;
        }
        throw answer;
      }
    }

    @Override
    public void close() {
      // The server, and what it keeps of this namespace, ends with the test JVM's containers.
    }
  }
}
