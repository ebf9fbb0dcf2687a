package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.activity.ActivityInterface;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {
  private final TestActivityEnvironment environment = TestActivityEnvironment.newInstance();
  private final CountDownLatch heard = new CountDownLatch(2);

  /** Something that takes a while. */
  @ActivityInterface
  public interface Waiting {
    String answer(String question);
  }

  @AfterEach
  void close() {
    environment.close();
  }

  private Waiting waiting(Waiting work) {
    environment.setActivityHeartbeatListener(Void.class, nothing -> heard.countDown());
    environment.registerActivitiesImplementations(Heartbeats.around(Waiting.class, work));
    return environment.newActivityStub(Waiting.class);
  }

  @Test
  void aCallThatTakesLongIsHeardOfUntilItAnswers() {
    Waiting waiting =
        waiting(
            question -> {
              try {
                return question + (heard.await(20, TimeUnit.SECONDS) ? " heard" : " silent");
              } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
              }
            });

    assertThat(waiting.answer("there?")).isEqualTo("there? heard");
  }

  @Test
  void aFailureComesThroughAsItIs() {
    Waiting waiting =
        waiting(
            question -> {
              throw ApplicationFailure.newNonRetryableFailure("no answer to " + question, "recipe");
            });

    assertThatThrownBy(() -> waiting.answer("that"))
        .isInstanceOf(ActivityFailure.class)
        .hasRootCauseMessage("message='no answer to that', type='recipe', nonRetryable=true");
  }
}
