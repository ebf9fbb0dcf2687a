package dev.modelflow.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.modelflow.objects.Folders;
import dev.modelflow.tls.BadFileException;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodecException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;

class PayloadCipherTest {
  private static final Path FOLDER = makeFolder();

  private static Path makeFolder() {
    try {
      return Files.createTempDirectory("modelflow-keys");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    Folders.delete(FOLDER);
  }

  @Property(tries = 200)
  void anyPayloadComesBackAsItWas(
      @ForAll byte[] data, @ForAll @Size(max = 4) Map<String, String> metadata) {
    PayloadCipher cipher = cipher("one", "a 1");
    Payload plain = payload(data, metadata);
    List<Payload> hidden = cipher.encode(List.of(plain, plain));
    assertThat(hidden.get(0).getData()).isNotEqualTo(hidden.get(1).getData());
    assertThat(cipher.decode(hidden)).containsExactly(plain, plain);
  }

  @Property(tries = 300)
  void aChangeOfAnyByteIsFound(@ForAll byte[] data, @ForAll int place, @ForAll byte change) {
    PayloadCipher cipher = cipher("one", "a 1");
    Payload hidden = cipher.encode(List.of(payload(data, Map.of()))).getFirst();
    byte[] bytes = hidden.getData().toByteArray();
    bytes[Math.floorMod(place, bytes.length)] ^= change == 0 ? 1 : change;
    Payload changed = hidden.toBuilder().setData(ByteString.copyFrom(bytes)).build();
    assertThatThrownBy(() -> cipher.decode(List.of(changed)))
        .isInstanceOf(PayloadCodecException.class)
        .hasMessageStartingWith("A payload is not as key 'a' encrypted it");
  }

  @Property(tries = 50)
  void aPayloadThatWasCutIsFound(@ForAll byte[] data, @ForAll int place) {
    PayloadCipher cipher = cipher("one", "a 1");
    Payload hidden = cipher.encode(List.of(payload(data, Map.of()))).getFirst();
    ByteString part = hidden.getData().substring(0, Math.floorMod(place, hidden.getData().size()));
    assertThatThrownBy(() -> cipher.decode(List.of(hidden.toBuilder().setData(part).build())))
        .isInstanceOf(PayloadCodecException.class);
  }

  @Example
  void theIdOfTheKeyIsPartOfWhatIsProtected() {
    // The same bytes under two ids: only the tag can tell them apart.
    PayloadCipher cipher = cipher("twins", "a 1", "b 1");
    Payload hidden = cipher.encode(List.of(payload(new byte[] {1}, Map.of()))).getFirst();
    Payload renamed =
        hidden.toBuilder().putMetadata(PayloadCipher.KEY_ID, ByteString.copyFromUtf8("b")).build();
    assertThatThrownBy(() -> cipher.decode(List.of(renamed)))
        .hasMessageStartingWith("A payload is not as key 'b' encrypted it");
  }

  @Property(tries = 100)
  void aKeyPutFirstEncryptsAndTheOldOneStillDecrypts(@ForAll byte[] data) {
    Payload plain = payload(data, Map.of());
    PayloadCipher cipher = cipher("ring", "a 1");
    List<Payload> before = cipher.encode(List.of(plain));
    write("ring", "b 2", "a 1");
    List<Payload> after = cipher.encode(List.of(plain));
    assertThat(after.getFirst().getMetadataOrThrow(PayloadCipher.KEY_ID).toStringUtf8())
        .isEqualTo("b");
    assertThat(cipher.decode(before)).containsExactly(plain);
    assertThat(cipher.decode(after)).containsExactly(plain);
    write("ring", "b 2");
    assertThatThrownBy(() -> cipher.decode(before))
        .isInstanceOf(PayloadCodecException.class)
        .hasMessage(
            "A payload was encrypted with key 'a', which is not in '%s': put that key back behind"
                    .formatted(FOLDER.resolve("ring"))
                + " the first line");
  }

  @Example
  void whatWasNeverEncryptedPasses() {
    Payload plain = payload(new byte[] {1}, Map.of("encoding", "json/plain"));
    assertThat(cipher("one", "a 1").decode(List.of(plain))).containsExactly(plain);
  }

  @Example
  void aRingThatIsNoneIsNamedWithoutItsSecrets() throws IOException {
    assertRefused("", "is empty");
    assertRefused("# nothing yet", "holds no key");
    assertRefused("# first\nonly-an-id", "is no key in line 2");
    assertRefused("a c2hvcnQ=", "has a key of 5 bytes in line 1");
    assertRefused("a not!base64", "has a key that is not Base64 in line 1");
    assertRefused(line("a 1") + "\n" + line("a 2"), "has key 'a' twice, again in line 2");
  }

  private static void assertRefused(String text, String fault) throws IOException {
    Path file = Files.writeString(FOLDER.resolve("wrong"), text);
    assertThatThrownBy(() -> KeyRing.read(file))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("'" + file + "', which " + fault + ": ")
        .hasMessageNotContaining("c2hvcnQ");
  }

  private static PayloadCipher cipher(String name, String... keys) {
    return new PayloadCipher(write(name, keys));
  }

  /** Writes a ring of keys, each an id and the number of which its bytes are made. */
  private static Path write(String name, String... keys) {
    List<String> lines = List.of(keys).stream().map(PayloadCipherTest::line).toList();
    try {
      return Files.write(FOLDER.resolve(name), lines);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String line(String key) {
    String[] parts = key.split(" ", -1);
    String bytes = parts[1].repeat(32);
    return parts[0]
        + " "
        + Base64.getEncoder().encodeToString(bytes.getBytes(StandardCharsets.UTF_8));
  }

  private static Payload payload(byte[] data, Map<String, String> metadata) {
    Payload.Builder payload = Payload.newBuilder().setData(ByteString.copyFrom(data));
    metadata.forEach((name, value) -> payload.putMetadata(name, ByteString.copyFromUtf8(value)));
    return payload.build();
  }
}
