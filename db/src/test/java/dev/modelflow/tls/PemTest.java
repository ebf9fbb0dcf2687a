package dev.modelflow.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemTest {
  @TempDir Path folder;

  @Test
  void aFileThatIsMissingOrEmptyIsNamed() throws IOException {
    Path missing = folder.resolve("missing.pem");
    assertThatThrownBy(() -> Pem.certificates(missing))
        .isInstanceOf(BadFileException.class)
        .hasMessage(
            "'%s', which cannot be read (NoSuchFileException): name a file that this process may read"
                .formatted(missing));
    Path empty = Files.writeString(folder.resolve("empty.pem"), "\n");
    assertThatThrownBy(() -> Pem.certificates(empty)).hasMessageContaining("which is empty");
  }

  @Test
  void whatIsNoCertificateIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.pem"), "not a certificate");
    assertThatThrownBy(() -> Pem.certificates(text))
        .hasMessage(
            "'%s', which holds no certificate: name a PEM file that begins with".formatted(text)
                + " -----BEGIN CERTIFICATE-----");
  }

  @Test
  void aKeyInAnotherFormComesWithTheCommandThatConvertsIt() throws IOException {
    Path key = Files.writeString(folder.resolve("key.pem"), "-----BEGIN EC PRIVATE KEY-----");
    assertThatThrownBy(() -> Pem.privateKey(key))
        .hasMessageContaining("holds no private key in PKCS#8")
        .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() {
    TestAuthority authority = new TestAuthority(folder, "ca");
    TestAuthority.Issued one = authority.issue("one");
    TestAuthority.Issued other = authority.issue("other");
    assertThat(new Identity(one.certificate(), one.key()).getPrivateKey("client").getAlgorithm())
        .isEqualTo("EC");
    assertThatThrownBy(() -> new Identity(one.certificate(), other.key()))
        .hasMessageContaining("holds another key than that of the certificate in");
  }

  @Test
  void aReplacedFileIsReadAgainAndABrokenOneIsNot() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "one");
    Watched<String> secret = new Watched<>(List.of(file), () -> TextFiles.read(file));
    assertThat(secret.get()).isEqualTo("one");
    Files.writeString(file, "");
    assertThat(secret.get()).isEqualTo("one");
    Files.writeString(file, "second");
    assertThat(secret.get()).isEqualTo("second");
    Files.delete(file);
    assertThat(secret.get()).isEqualTo("second");
  }

  @Test
  void authoritiesFollowTheirFile() throws IOException {
    TestAuthority first = new TestAuthority(folder, "first");
    TestAuthority second = new TestAuthority(folder, "second");
    Path file = Files.copy(first.certificate(), folder.resolve("trusted.pem"));
    Authorities authorities = new Authorities(file);
    Files.writeString(file, Files.readString(second.certificate()));
    X509Certificate[] trusted = authorities.getAcceptedIssuers();
    assertThat(trusted).containsExactlyElementsOf(Pem.certificates(second.certificate()));
  }
}
