package dev.modelflow.objects;

import dev.modelflow.tls.Certificates;
import io.minio.errors.ErrorResponseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats calls to the object store while it is away. */
final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  /** A server refuses what was signed by a clock that is further off than 15 minutes. */
  private static final Duration SIGNATURES_LAST = Duration.ofMinutes(14);

  // The server heard too little of the request, or too many others.
  private static final Set<String> PASSING =
      Set.of("RequestTimeout", "IncompleteBody", "SlowDown", "TooManyRequests");

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
              "Could not " + what + ": " + failure.getMessage() + clocks(failure), failure);
        }
        LOG.warn("Object store: could not {}: {}; trying again", what, failure.getMessage());
        rest(pause, what);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  // Most answers of the server in the 4xx range stay the same when asked again.
  private static boolean passes(Exception failure) {
    if (failure instanceof ErrorResponseException answer) {
      int status = answer.response().code();
      return status < 400
          || status >= 500
          || PASSING.contains(answer.errorResponse().code())
          || apart(answer).compareTo(SIGNATURES_LAST) > 0;
    }
    return !(failure instanceof IllegalArgumentException);
  }

  /** How far this machine's clock is from that of the server that answered. */
  private static Duration apart(ErrorResponseException answer) {
    Instant theirs = answer.response().headers().getInstant("Date");
    return theirs == null ? Duration.ZERO : Duration.between(theirs, Instant.now()).abs();
  }

  private static String clocks(Exception failure) {
    if (failure instanceof ErrorResponseException answer
        && apart(answer).compareTo(SIGNATURES_LAST) > 0) {
      return "; the clocks of this machine and of the server are %d minutes apart: set them right"
          .formatted(apart(answer).toMinutes());
    }
    return "";
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
