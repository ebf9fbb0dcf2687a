package dev.modelflow.worker;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets every call of an activity tell the workflow engine that it is alive, so that one whose
 * worker was killed is given to another within seconds and a slow one is waited for.
 */
final class Heartbeats {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private Heartbeats() {}

  /** The activities of {@code target}, each with heartbeats while it runs. */
  static <T> T around(Class<T> activities, T target) {
    return activities.cast(
        Proxy.newProxyInstance(
            activities.getClassLoader(),
            new Class<?>[] {activities},
            (proxy, method, arguments) -> {
              Thread beats = begin(Activity.getExecutionContext());
              try {
                return method.invoke(target, arguments);
              } catch (InvocationTargetException failure) {
                throw failure.getCause() == null ? failure : failure.getCause();
              } finally {
                beats.interrupt();
              }
            }));
  }

  private static Thread begin(ActivityExecutionContext context) {
    return Thread.ofVirtual()
        .name("heartbeats-" + context.getInfo().getActivityType())
        .start(() -> beat(context));
  }

  private static void beat(ActivityExecutionContext context) {
    try {
      // The engine counts from the beginning of the call, and most calls are over before this.
      while (true) {
        Thread.sleep(PERIOD);
        tell(context);
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tell(ActivityExecutionContext context) {
    try {
      context.heartbeat(null);
    } catch (ActivityCompletionException cancelled) {
      // The call is short: it answers all the same, and until then it is alive.
      LOG.debug("{} was cancelled", context.getInfo().getActivityType());
    }
  }
}
