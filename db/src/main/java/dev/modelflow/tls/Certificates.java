package dev.modelflow.tls;

import java.security.cert.CertificateException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Tells connections that a certificate prevented from those that failed otherwise. */
public final class Certificates {
  private Certificates() {}

  /** Whether the server showed a certificate that this process does not trust. */
  public static boolean refused(Throwable failure) {
    return cause(failure) != null;
  }

  /** What is wrong with the certificate, in the JDK's words. */
  public static String why(Throwable failure) {
    Throwable cause = cause(failure);
    return String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
  }

  private static @Nullable Throwable cause(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
        return cause;
      }
    }
    return null;
  }
}
