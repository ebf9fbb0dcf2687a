package dev.modelflow.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.modelflow.tls.Watched;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.codec.PayloadCodecException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts whole payloads, also what they say about themselves, with AES-256-GCM: the encrypted
 * payload's data are 12 random bytes and the ciphertext with its tag; its metadata name the
 * encoding and the key, which the tag covers too. Payloads of another encoding pass as they are, so
 * that workflows that began before encryption was switched on go on.
 *
 * <p>Keys come from a file that may be replaced while the process runs.
 */
public final class PayloadCipher implements PayloadCodec {
  static final String ENCODING = "encoding";
  static final String ENCRYPTED = "binary/encrypted";
  static final String KEY_ID = "encryption-key-id";

  private static final String TRANSFORMATION = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;

  private final Path file;
  private final Watched<KeyRing> keys;
  private final SecureRandom random = new SecureRandom();

  /**
   * Reads the key ring.
   *
   * @throws dev.modelflow.tls.BadFileException when the file holds none
   */
  public PayloadCipher(Path file) {
    this.file = file;
    this.keys = new Watched<>(List.of(file), () -> KeyRing.read(file));
  }

  @Override
  public List<Payload> encode(List<Payload> payloads) {
    return payloads.stream().map(this::encrypt).toList();
  }

  /** Throws {@link PayloadCodecException} when a key is missing or a payload was changed. */
  @Override
  public List<Payload> decode(List<Payload> payloads) {
    return payloads.stream().map(it -> isEncrypted(it) ? decrypt(it) : it).toList();
  }

  private static boolean isEncrypted(Payload payload) {
    return text(payload, ENCODING).equals(ENCRYPTED);
  }

  private static String text(Payload payload, String name) {
    return payload.getMetadataOrDefault(name, ByteString.EMPTY).toStringUtf8();
  }

  private Payload encrypt(Payload plain) {
    KeyRing ring = keys.get();
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] hidden =
          cipher(Cipher.ENCRYPT_MODE, ring.first(), key(ring.first(), ring), nonce)
              .doFinal(plain.toByteArray());
      return Payload.newBuilder()
          .putMetadata(ENCODING, ByteString.copyFromUtf8(ENCRYPTED))
          .putMetadata(KEY_ID, ByteString.copyFromUtf8(ring.first()))
          .setData(ByteString.copyFrom(nonce).concat(ByteString.copyFrom(hidden)))
          .build();
    } catch (GeneralSecurityException failure) {
      throw new PayloadCodecException("Could not encrypt a payload", failure);
    }
  }

  private Payload decrypt(Payload hidden) {
    String id = text(hidden, KEY_ID);
    SecretKey key = key(id, keys.get());
    ByteString data = hidden.getData();
    if (data.size() < NONCE_BYTES + TAG_BYTES) {
      throw changed(id, null);
    }
    try {
      byte[] nonce = data.substring(0, NONCE_BYTES).toByteArray();
      return Payload.parseFrom(
          cipher(Cipher.DECRYPT_MODE, id, key, nonce)
              .doFinal(data.substring(NONCE_BYTES).toByteArray()));
    } catch (AEADBadTagException | InvalidProtocolBufferException differs) {
      throw changed(id, differs);
    } catch (GeneralSecurityException failure) {
      throw new PayloadCodecException("Could not decrypt a payload", failure);
    }
  }

  private SecretKey key(String id, KeyRing ring) {
    return ring.key(id)
        .orElseThrow(
            () ->
                new PayloadCodecException(
                    "A payload was encrypted with key '%s', which is not in '%s': put that key back behind the first line"
                        .formatted(id, file)));
  }

  private PayloadCodecException changed(String id, @Nullable Exception cause) {
    return new PayloadCodecException(
        "A payload is not as key '%s' encrypted it: it was changed, or '%s' holds another key under that id"
            .formatted(id, file),
        cause);
  }

  private static Cipher cipher(int mode, String id, SecretKey key, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
    // Bound to what the metadata say, so that nobody gives a payload another key's id.
    cipher.updateAAD((ENCRYPTED + "\n" + id).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
