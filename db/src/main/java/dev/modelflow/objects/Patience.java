package dev.modelflow.objects;

import dev.modelflow.tls.Certificates;
import io.minio.errors.ErrorResponseException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats calls to the object store while it is away. */
final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  private final Duration patience;

  Patience(Duration patience) {
    this.patience = patience;
  }

  /** A call that may be made again. */
  @FunctionalInterface
  interface Call<T> {
    T make() throws Exception;
  }

  <T> T call(String what, Call<T> call) {
    long deadline = System.nanoTime() + patience.toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        return call.make();
      } catch (ObjectStoreException lasting) {
        throw lasting;
      } catch (Exception failure) {
        if (Certificates.refused(failure)) {
          throw new ObjectStoreException(
              "Could not %s: the server's certificate is not trusted (%s); name the file with its authority in MODELFLOW_OBJECTS_CA_FILE"
                  .formatted(what, Certificates.why(failure)),
              failure);
        }
        if (!passes(failure) || System.nanoTime() > deadline) {
          throw new ObjectStoreException(
              "Could not " + what + ": " + failure.getMessage(), failure);
        }
        LOG.warn("Object store: could not {}: {}; trying again", what, failure.getMessage());
        rest(pause, what);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  // An answer of the server in the 4xx range stays the same when asked again.
  private static boolean passes(Exception failure) {
    return !(failure instanceof ErrorResponseException answer
            && answer.response().code() >= 400
            && answer.response().code() < 500)
        && !(failure instanceof IllegalArgumentException);
  }

  private static void rest(long millis, String what) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException("Was stopped while waiting to " + what, stop);
    }
  }
}
