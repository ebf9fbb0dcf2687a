package dev.modelflow.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys in PEM files. */
public final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private Pem() {}

  /**
   * All certificates of a file in their order, at least one.
   *
   * @throws BadFileException when there is none
   */
  public static List<X509Certificate> certificates(Path file) {
    byte[] text = TextFiles.read(file).getBytes(StandardCharsets.UTF_8);
    try {
      List<X509Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!found.isEmpty()) {
        return found;
      }
    } catch (CertificateException unreadable) {
      throw noCertificate(file);
    }
    throw noCertificate(file);
  }

  private static BadFileException noCertificate(Path file) {
    return new BadFileException(
        file,
        "holds no certificate",
        "name a PEM file that begins with -----BEGIN CERTIFICATE-----");
  }

  /**
   * The private key of a file: PKCS#8, not encrypted, RSA, EC or EdDSA.
   *
   * @throws BadFileException when there is none
   */
  public static PrivateKey privateKey(Path file) {
    Matcher key = KEY.matcher(TextFiles.read(file));
    if (!key.find()) {
      throw new BadFileException(
          file,
          "holds no private key in PKCS#8",
          "make one of the key that you have with: openssl pkcs8 -topk8 -nocrypt -in KEY -out FILE");
    }
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(bytes(file, key.group(1)));
    return ALGORITHMS.stream()
        .flatMap(algorithm -> key(algorithm, encoded).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new BadFileException(
                    file, "holds a private key of an unknown kind", "use an RSA, EC or EdDSA key"));
  }

  private static Optional<PrivateKey> key(String algorithm, PKCS8EncodedKeySpec encoded) {
    try {
      return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(encoded));
    } catch (InvalidKeySpecException another) {
      return Optional.empty();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("This JDK lacks " + algorithm, missing);
    }
  }

  private static byte[] bytes(Path file, String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException broken) {
      throw new BadFileException(file, "holds a broken private key", "copy it there once more");
    }
  }
}
