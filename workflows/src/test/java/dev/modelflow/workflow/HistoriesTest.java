package dev.modelflow.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.WorkflowReplayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs that began on an older version go on on this one: the histories that every version left are
 * replayed. They lie in {@code histories/VERSION/SHAPE/WORKFLOW.json}; docs/testing.md says when to
 * add some.
 */
class HistoriesTest {
  private static final Path STORED = Path.of("src/test/resources/histories");
  private static final Path RECORDED = Path.of("target/histories");

  private static final Pattern IDENTITY = Pattern.compile("[iI]dentity\": \"([^\"]*)\"");

  static List<Path> stored() throws IOException {
    try (Stream<Path> walk = Files.walk(STORED)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("stored")
  void aHistoryOfAnyVersionReplaysOnThisOne(Path file) throws IOException {
    replay(file.toString(), history(Files.readString(file)));
  }

  @ParameterizedTest
  @MethodSource("stored")
  void aStoredHistoryNamesNoMachine(Path file) throws IOException {
    assertThat(IDENTITY.matcher(Files.readString(file)).results().map(it -> it.group(1)))
        .isNotEmpty()
        .containsOnly("worker");
  }

  @ParameterizedTest
  @EnumSource
  void whatThisVersionDoesIsStored(FlowShape shape) throws Exception {
    Map<String, String> workflows = FlowRecorder.record(shape);
    Path folder = Files.createDirectories(RECORDED.resolve(shape.word()));
    for (Map.Entry<String, String> workflow : workflows.entrySet()) {
      Files.writeString(folder.resolve(workflow.getKey() + ".json"), workflow.getValue());
    }
    for (Map.Entry<String, String> workflow : workflows.entrySet()) {
      Path recorded = folder.resolve(workflow.getKey() + ".json");
      WorkflowExecutionHistory history = history(workflow.getValue());
      replay(recorded.toString(), history);
      assertThat(versions(shape, workflow.getKey()))
          .as(
              "No stored history holds the steps of %s: if they change for good, copy the folder"
                  + " %s to %s/ under the name of the version that will bring them",
              recorded, RECORDED, STORED)
          .contains(steps(history));
    }
  }

  /** The steps of a workflow in every version that knows it. */
  private static List<List<String>> versions(FlowShape shape, String workflow) throws IOException {
    Path end = Path.of(shape.word(), workflow + ".json");
    List<Path> files = stored().stream().filter(file -> file.endsWith(end)).toList();
    List<List<String>> versions = new ArrayList<>();
    for (Path file : files) {
      versions.add(steps(history(Files.readString(file))));
    }
    return versions;
  }

  /** What a workflow asked the engine to do. Sorted, for parallel stages take turns at will. */
  private static List<String> steps(WorkflowExecutionHistory history) {
    return history.getEvents().stream().flatMap(event -> step(event).stream()).sorted().toList();
  }

  private static List<String> step(HistoryEvent event) {
    return switch (event.getEventType()) {
      case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED ->
          List.of(event.getActivityTaskScheduledEventAttributes().getActivityType().getName());
      case EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED ->
          List.of(event.getStartChildWorkflowExecutionInitiatedEventAttributes().getWorkflowId());
      case EVENT_TYPE_TIMER_STARTED ->
          List.of(
              "timer of "
                  + event.getTimerStartedEventAttributes().getStartToFireTimeout().getSeconds()
                  + " s");
      case EVENT_TYPE_MARKER_RECORDED ->
          List.of("marker " + event.getMarkerRecordedEventAttributes().getMarkerName());
      case EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED,
          EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
          EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
          EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
          EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED ->
          List.of(event.getEventType().name());
      default -> List.of();
    };
  }

  private static WorkflowExecutionHistory history(String json) {
    return WorkflowExecutionHistory.fromJson(json);
  }

  private static void replay(String name, WorkflowExecutionHistory history) {
    try {
      WorkflowReplayer.replayWorkflowExecution(
          history, FlowWorkflowImpl.class, StageWorkflowImpl.class);
    } catch (Exception different) {
      throw new AssertionError(
          "Replay of %s went another way: keep the old way for runs that began on it, by"
                  .formatted(name)
              + " Workflow.getVersion",
          different);
    }
  }
}
