package dev.modelflow.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority of a test's own, which makes certificates with the JDK's keytool. */
public final class TestAuthority {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final String name;
  private final Path store;

  /** Makes the authority's certificate; files of {@code folder} begin with {@code name}. */
  public TestAuthority(Path folder, String name) {
    this.folder = folder;
    this.name = name;
    this.store = folder.resolve(name + ".p12");
    keytool("-alias", "ca", "-dname", "CN=" + name, "-ext", "bc:c");
    write(certificate(), "ca", "CERTIFICATE");
  }

  /** PEM file with the authority's certificate. */
  public Path certificate() {
    return folder.resolve(name + ".pem");
  }

  /** A PKCS#12 file with everything that was issued, for servers that want one. */
  public Path store() {
    return store;
  }

  /** The password of {@link #store}. */
  public String password() {
    return PASSWORD;
  }

  /** Makes a certificate for {@code subject} on 127.0.0.1 and under the given names. */
  public Issued issue(String subject, String... dnsNames) {
    StringBuilder names = new StringBuilder("san=ip:127.0.0.1");
    for (String dns : dnsNames) {
      names.append(",dns:").append(dns);
    }
    keytool(
        "-alias", subject, "-dname", "CN=" + subject, "-signer", "ca", "-ext", names.toString());
    Issued issued =
        new Issued(
            folder.resolve(name + "-" + subject + ".pem"),
            folder.resolve(name + "-" + subject + ".key"),
            folder.resolve(name + "-" + subject + ".pk8"));
    write(issued.certificate(), subject, "CERTIFICATE");
    write(issued.key(), subject, "PRIVATE KEY");
    writePk8(issued);
    return issued;
  }

  private void keytool(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-validity", "30", "-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString()));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool: " + said);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  private void write(Path file, String alias, String kind) {
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      byte[] bytes =
          kind.equals("CERTIFICATE")
              ? keys.getCertificate(alias).getEncoded()
              : keys.getKey(alias, PASSWORD.toCharArray()).getEncoded();
      String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
      Files.writeString(
          file, "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(kind, base64, kind));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void writePk8(Issued issued) {
    try {
      String body = Files.readString(issued.key()).replaceAll("-----[A-Z ]+-----", "");
      Files.write(issued.pk8(), Base64.getMimeDecoder().decode(body));
      // Postgres' driver reads no key that others may read.
      Files.setPosixFilePermissions(issued.pk8(), PosixFilePermissions.fromString("rw-------"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Files of one certificate.
   *
   * @param certificate of the subject, PEM
   * @param key its private key: PKCS#8, PEM
   * @param pk8 the same key: PKCS#8, DER
   */
  public record Issued(Path certificate, Path key, Path pk8) {}
}
