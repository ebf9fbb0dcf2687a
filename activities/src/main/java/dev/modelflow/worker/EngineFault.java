package dev.modelflow.worker;

import dev.modelflow.tls.Certificates;
import io.grpc.Status;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Says in one sentence why a call of the workflow engine failed, and what to do. */
public final class EngineFault {
  private EngineFault() {}

  /** The sentence for a failure of a call to the engine of {@code config}. */
  public static String explain(Throwable failure, TemporalConfig config) {
    String engine = "Temporal at " + config.address();
    if (Certificates.refused(failure)) {
      return distrust(engine, Certificates.why(failure));
    }
    return switch (Status.fromThrowable(failure).getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED -> refusal(engine, failure, config);
      case UNAVAILABLE -> unreachable(engine, failure, config);
      case DEADLINE_EXCEEDED ->
          engine + " did not answer in time; look whether it is well and can be reached";
      case NOT_FOUND ->
          "%s does not know namespace '%s' yet; web and workers register it when they start"
              .formatted(engine, config.namespace());
      default -> engine + ": " + said(failure);
    };
  }

  private static String distrust(String engine, String why) {
    return why.startsWith("No subject alternative") || why.startsWith("No name matching")
        ? "%s shows a certificate for another name (%s); give the name in it as MODELFLOW_TEMPORAL_TLS_SERVER_NAME"
            .formatted(engine, why)
        : "%s shows a certificate that is not trusted (%s); name the file with its authority in MODELFLOW_TEMPORAL_TLS_CA_FILE"
            .formatted(engine, why);
  }

  /** The server's own words; those of the client around them only name the workflow. */
  private static String said(Throwable failure) {
    String said = Status.fromThrowable(failure).getDescription();
    return said == null ? String.valueOf(failure.getMessage()) : said;
  }

  private static String refusal(String engine, Throwable failure, TemporalConfig config) {
    return config.apiKey() == null
        ? "%s asks for an API key (%s); name its file in MODELFLOW_TEMPORAL_API_KEY_FILE"
            .formatted(engine, said(failure))
        : "%s refuses the API key in '%s' (%s); write a key into it that may use namespace '%s'"
            .formatted(engine, config.apiKey(), said(failure), config.namespace());
  }

  private static String unreachable(String engine, Throwable failure, TemporalConfig config) {
    String why = root(failure);
    TemporalTls tls = config.tls();
    if (tls == null) {
      return speaksOtherwise(failure)
          ? "%s does not speak as expected (%s); if it wants TLS, set MODELFLOW_TEMPORAL_TLS to 'on'"
              .formatted(engine, why)
          : "%s cannot be reached (%s); start it, or correct MODELFLOW_TEMPORAL_ADDRESS"
              .formatted(engine, why);
    }
    String shouted = why.toLowerCase(Locale.ROOT);
    if (shouted.contains("not an ssl/tls record")) {
      return "%s does not speak TLS; set MODELFLOW_TEMPORAL_TLS to 'off'".formatted(engine);
    }
    if (shouted.contains("certificate") || speaksOtherwise(failure)) {
      return tls.certificate() == null
          ? "%s may want a client's certificate (%s); name one in MODELFLOW_TEMPORAL_TLS_CERT_FILE"
              .formatted(engine, why)
          : "%s may not trust the certificate in '%s' (%s); ask its operator which authority signs those of clients"
              .formatted(engine, tls.certificate(), why);
    }
    return "%s cannot be reached (%s); start it, or correct MODELFLOW_TEMPORAL_ADDRESS"
        .formatted(engine, why);
  }

  /** It closed the connection on the first words. */
  private static boolean speaksOtherwise(Throwable failure) {
    String said = String.valueOf(Status.fromThrowable(failure).getDescription());
    Throwable last = last(failure);
    return last instanceof ClosedChannelException
        || last instanceof SSLException
        || said.startsWith("Network closed")
        || said.startsWith("Connection closed")
        || root(failure).contains("Connection reset")
        || root(failure).contains("frame");
  }

  private static String root(Throwable failure) {
    Throwable last = last(failure);
    if (last instanceof ConnectException) {
      return "connection refused";
    }
    String message = last.getMessage();
    return message == null ? last.getClass().getSimpleName() : message;
  }

  private static Throwable last(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return last;
  }
}
