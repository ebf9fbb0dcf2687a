package dev.modelflow.cli.faults;

import dev.modelflow.objects.ObjectStoreConfig;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.messages.Item;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The stack's bucket past all faults, with a key that may do everything. */
final class Bucket {
  private static final String NAME = "modelflow";

  private final ObjectStoreConfig config;
  private final MinioClient client;

  Bucket(StackAddress address) {
    config =
        new ObjectStoreConfig(
            "http://127.0.0.1:" + address.objectsPort(),
            address.secret("store-user"),
            address.secret("store-password"),
            NAME);
    client =
        MinioClient.builder()
            .endpoint(config.endpoint())
            .region("us-east-1")
            .credentials(config.accessKey(), config.secretKey())
            .build();
  }

  /** How the platform's own code reaches it. */
  ObjectStoreConfig config() {
    return config;
  }

  /** Name → size of everything in it. */
  Map<String, Long> objects() {
    Map<String, Long> sizes = new TreeMap<>();
    try {
      for (Result<Item> found :
          client.listObjects(ListObjectsArgs.builder().bucket(NAME).recursive(true).build())) {
        sizes.put(found.get().objectName(), found.get().size());
      }
      return sizes;
    } catch (Exception failure) {
      throw new IllegalStateException("Could not list the bucket", failure);
    }
  }

  /** The SHA-256 of an object's bytes, in hex. */
  String digest(String name) {
    try (InputStream in =
        client.getObject(GetObjectArgs.builder().bucket(NAME).object(name).build())) {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
      return HexFormat.of().formatHex(sha256.digest());
    } catch (Exception failure) {
      throw new IllegalStateException("Could not read " + name, failure);
    }
  }

  /** Removes everything, so that whatever a run makes has to be put. */
  void empty() {
    try {
      for (String name : objects().keySet()) {
        client.removeObject(RemoveObjectArgs.builder().bucket(NAME).object(name).build());
      }
    } catch (Exception failure) {
      throw new IllegalStateException("Could not empty the bucket", failure);
    }
  }
}
