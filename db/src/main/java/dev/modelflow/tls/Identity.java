package dev.modelflow.tls;

import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows to a server that asks who it is: a certificate and its key in PEM files. A
 * new connection sees the files as they then are.
 */
public final class Identity extends X509ExtendedKeyManager {
  private static final String ALIAS = "client";

  private final Watched<Pair> current;

  /**
   * Reads the files.
   *
   * @param certificate the client's certificate, followed by those between it and the authority
   * @param key its private key
   * @throws BadFileException when one of them is unusable, or they do not belong together
   */
  public Identity(Path certificate, Path key) {
    this.current = new Watched<>(List.of(certificate, key), () -> read(certificate, key));
  }

  private static Pair read(Path certificate, Path key) {
    List<X509Certificate> chain = Pem.certificates(certificate);
    PrivateKey secret = Pem.privateKey(key);
    if (!belong(chain.getFirst().getPublicKey(), secret)) {
      throw new BadFileException(
          key,
          "holds another key than that of the certificate in '%s'".formatted(certificate),
          "name the key with which that certificate was made");
    }
    return new Pair(chain, secret);
  }

  private static boolean belong(PublicKey known, PrivateKey secret) {
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> secret.getAlgorithm();
        };
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(secret);
      signing.update(known.getEncoded());
      byte[] signature = signing.sign();
      signing.initVerify(known);
      signing.update(known.getEncoded());
      return signing.verify(signature);
    } catch (GeneralSecurityException differ) {
      return false;
    }
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return current.get().chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return current.get().key();
  }

  @Override
  public String chooseClientAlias(
      String[] kinds, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return ALIAS;
  }

  @Override
  public String chooseEngineClientAlias(
      String[] kinds, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return ALIAS;
  }

  @Override
  public String[] getClientAliases(String kind, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String @Nullable [] getServerAliases(String kind, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String kind, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  private record Pair(List<X509Certificate> chain, PrivateKey key) {}
}
