package dev.modelflow.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnansweredTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:7070/",
        "http://LOCALHOST",
        "http://127.0.0.1:7070",
        "http://[::1]:7070/"
      })
  void aStackOfThisMachineCanBeStarted(String address) {
    assertThat(of(address).of(new ConnectException(), false))
        .hasMessage(
            "Nothing answers at %s; start the stack with: modelflow up (in containers: modelflow stack up)"
                .formatted(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://flows.example.org/",
        "http://10.0.0.7:7070",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org"
      })
  void aServerElsewhereCannot(String address) {
    String remedy = "; check --server and that the server is up";
    assertThat(of(address).of(new ConnectException(), false))
        .hasMessage("Nothing answers at " + address + remedy);
    assertThat(of(address).of(new HttpConnectTimeoutException("slow"), true))
        .hasMessage("Nothing answers at " + address + " within 5 s" + remedy);
    assertThat(of(address).of(new IOException("Connection reset"), false))
        .hasMessage("The server at " + address + " did not answer: Connection reset" + remedy);
  }

  /** The server may have begun what was asked for. */
  @Test
  void afterAChangePeopleLookFirst() {
    assertThat(of("http://localhost").of(new IOException("Connection reset"), true))
        .hasMessageStartingWith(
            "The server at http://localhost did not answer: Connection reset; it may do it all the same: look");
  }

  @Test
  void aFailureWithoutWordsIsNamedByItsKind() {
    assertThat(of("http://localhost").of(new IOException(), false))
        .hasMessageStartingWith("The server at http://localhost did not answer: IOException; ");
  }

  private static Unanswered of(String address) {
    return new Unanswered(URI.create(address), Duration.ofSeconds(5), Duration.ofMinutes(2));
  }
}
