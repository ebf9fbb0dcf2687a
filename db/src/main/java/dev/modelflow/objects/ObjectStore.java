package dev.modelflow.objects;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import io.minio.BucketExistsArgs;
import io.minio.CopyObjectArgs;
import io.minio.GetObjectArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.RemoveObjectArgs;
import io.minio.SourceObject;
import io.minio.StatObjectArgs;
import io.minio.UploadObjectArgs;
import io.minio.errors.ErrorResponseException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.OkHttpClient;

/**
 * An S3 bucket in which every object's name is its SHA-256: {@code objects/ab/ab12...}. Putting an
 * object twice is harmless, and what is read is always checked against its name.
 */
public final class ObjectStore implements AutoCloseable {
  /** How long an object counts as new after it was put. */
  public static final Duration NEW_FOR = Duration.ofHours(12);

  private static final int QUESTIONS = 8;
  private static final int REMEMBERED = 50_000;

  private final MinioClient client;
  private final OkHttpClient http;
  private final String bucket;
  private final Ages ages;
  private final Duration newFor;
  private final Patience patience;
  private final SeenObjects seen = new SeenObjects(REMEMBERED, System::nanoTime);

  private ObjectStore(
      MinioClient client, OkHttpClient http, ObjectStoreConfig config, Duration newFor) {
    this.client = client;
    this.http = http;
    this.bucket = config.bucket();
    this.ages = new Ages(client, bucket);
    this.newFor = newFor;
    this.patience = new Patience(config.patience());
  }

  /** Connects and makes the bucket when there is none. */
  public static ObjectStore open(ObjectStoreConfig config) {
    return open(config, NEW_FOR);
  }

  /** The same, where objects count as new for another time. */
  static ObjectStore open(ObjectStoreConfig config, Duration newFor) {
    OkHttpClient http = Connections.http(config);
    ObjectStore store = new ObjectStore(Connections.client(config, http), http, config, newFor);
    store.makeBucket();
    return store;
  }

  private void makeBucket() {
    patience.call(
        "make bucket '" + bucket + "'",
        () -> {
          if (!client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build())) {
            try {
              client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
            } catch (ErrorResponseException raced) {
              if (!raced.errorResponse().code().startsWith("BucketAlready")) {
                throw raced;
              }
            }
          }
          return true;
        });
  }

  /** The object's name in the bucket. */
  static String key(Digest digest) {
    return key("objects/", digest);
  }

  private static String key(String folder, Digest digest) {
    return folder + digest.hex().substring(0, 2) + "/" + digest.hex();
  }

  /** The size of an object in bytes; empty when there is none. */
  public OptionalLong stat(Digest digest) {
    return patience.call(
        "look for object " + digest,
        () -> {
          try {
            return OptionalLong.of(
                client
                    .statObject(StatObjectArgs.builder().bucket(bucket).object(key(digest)).build())
                    .size());
          } catch (ErrorResponseException answer) {
            if (answer.response().code() == 404) {
              seen.forget(digest);
              return OptionalLong.empty();
            }
            throw answer;
          }
        });
  }

  /** Puts a file, whose digest the caller has computed, unless an object of its size is there. */
  public void put(Path file, Digest digest) {
    patience.call(
        "put object " + digest,
        () -> {
          OptionalLong there = stat(digest);
          if (there.isEmpty() || there.getAsLong() != Files.size(file)) {
            upload(file, digest);
          }
          return true;
        });
  }

  /**
   * Puts a file as {@link #put(Path, Digest)} does, for an artifact that nobody knows yet and that
   * will be committed within {@link #NEW_FOR}: an object that has been there for longer, or is of
   * another size, is put anew, so that it counts as new.
   *
   * @return whether it was put. Then somebody who saw it before, or saw that it was old, may be
   *     about to remove it; when that is over it is to be put once more, and whoever looks from
   *     then on finds it new
   */
  boolean putAsNew(Path file, Digest digest) {
    AtomicBoolean put = new AtomicBoolean();
    return patience.call(
        "put object " + digest,
        () -> {
          Optional<Duration> age = ages.of(key(digest));
          boolean fit =
              age.isPresent()
                  && age.get().compareTo(newFor) <= 0
                  && stat(digest).orElse(-1) == Files.size(file);
          if (!fit) {
            // Also when no answer comes and the object is new the next time.
            put.set(true);
            upload(file, digest);
          }
          return put.get();
        });
  }

  private void upload(Path file, Digest digest) throws Exception {
    client.uploadObject(
        UploadObjectArgs.builder()
            .bucket(bucket)
            .object(key(digest))
            .filename(file.toString())
            .build());
  }

  /**
   * Writes an object to {@code target}. Throws {@link ObjectStoreException} when it is missing, its
   * bytes are not those of its name, or the target takes them not.
   */
  public void get(Digest digest, Path target) {
    Digest found = write(digest, target);
    if (!found.equals(digest)) {
      throw new ObjectStoreException(
          "Object " + key(digest) + " holds other bytes than its name says: they hash to " + found);
    }
  }

  /**
   * Writes an object to {@code target}, as {@link #get}, and returns whether it was whole: false
   * when it is missing or its bytes are not those of its name. Then the target may hold anything.
   */
  public boolean getIfWhole(Digest digest, Path target) {
    return stat(digest).isPresent() && write(digest, target).equals(digest);
  }

  private Digest write(Digest digest, Path target) {
    return patience.call(
        "get object " + digest,
        () -> {
          try (OutputStream out = new TargetStream(target)) {
            return copy(digest, out);
          }
        });
  }

  private Digest copy(Digest digest, OutputStream out) throws Exception {
    try (InputStream in =
        client.getObject(GetObjectArgs.builder().bucket(bucket).object(key(digest)).build())) {
      return Digests.copy(in, out);
    } catch (ErrorResponseException answer) {
      if (answer.response().code() == 404) {
        throw new ObjectStoreException("Object " + key(digest) + " is missing from the store");
      }
      throw answer;
    }
  }

  /** Whether every object of an artifact is there with its size. Reads no bytes. */
  public boolean holds(Manifest manifest) {
    Map<Digest, Long> sizes = new HashMap<>();
    manifest.files().forEach(file -> sizes.put(file.sha256(), file.size()));
    return holds(sizes);
  }

  /**
   * Whether all these objects are there with their sizes. Reads no bytes and asks for several at a
   * time.
   *
   * @param sizes object → its size in bytes
   */
  public boolean holds(Map<Digest, Long> sizes) {
    return Together.all(
        sizes.entrySet(), QUESTIONS, object -> holds(object.getKey(), object.getValue()));
  }

  private boolean holds(Digest digest, long size) {
    OptionalLong there = stat(digest);
    boolean held = there.isPresent() && there.getAsLong() == size;
    if (held) {
      seen.note(digest, size);
    }
    return held;
  }

  /**
   * Like {@link #holds(Map)}, for those who may be wrong: does not ask for objects that were there
   * less than {@link SeenObjects#LASTS} ago, unless this process saw one missing or set it aside
   * since.
   */
  public boolean heldLately(Map<Digest, Long> sizes) {
    Map<Digest, Long> unseen = new HashMap<>(sizes);
    unseen.entrySet().removeIf(object -> seen.lately(object.getKey(), object.getValue()));
    return holds(unseen);
  }

  /**
   * Reads and hashes every object of an artifact; one flaw for each that is not as it should be.
   */
  public List<Flaw> verify(Manifest manifest) {
    List<Flaw> flaws = new ArrayList<>();
    for (ManifestFile file : manifest.files()) {
      if (stat(file.sha256()).isEmpty()) {
        flaws.add(new Flaw(file.path(), file.sha256(), "is missing"));
        continue;
      }
      Digest found = hash(file.sha256());
      if (!found.equals(file.sha256())) {
        flaws.add(new Flaw(file.path(), file.sha256(), "differs: its bytes hash to " + found));
      }
    }
    return flaws;
  }

  private Digest hash(Digest digest) {
    return patience.call(
        "read object " + digest, () -> copy(digest, OutputStream.nullOutputStream()));
  }

  /**
   * Moves an object whose bytes are not those of its name to {@code damaged/}, where nothing looks
   * for it: from then on it is missing, no result that needs it is reused, and whoever makes it
   * again puts it anew. Reads it before; false when it is missing or whole after all.
   */
  public boolean setAside(Digest digest) {
    if (stat(digest).isEmpty() || hash(digest).equals(digest)) {
      return false;
    }
    return patience.call(
        "set object " + digest + " aside",
        () -> {
          client.copyObject(
              CopyObjectArgs.builder()
                  .bucket(bucket)
                  .object(key("damaged/", digest))
                  .source(SourceObject.builder().bucket(bucket).object(key(digest)).build())
                  .build());
          client.removeObject(
              RemoveObjectArgs.builder().bucket(bucket).object(key(digest)).build());
          seen.forget(digest);
          return true;
        });
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (Exception failure) {
      throw new ObjectStoreException("Could not close the object store's client", failure);
    } finally {
      Connections.close(http);
    }
  }

  /**
   * One object that is not as its artifact says.
   *
   * @param path of the file in the artifact
   * @param digest that it should have
   * @param what is wrong with it
   */
  public record Flaw(String path, Digest digest, String what) {
    /** Its name in the bucket. */
    public String object() {
      return key(digest);
    }

    @Override
    public String toString() {
      return "'" + path + "' (" + object() + ") " + what;
    }
  }
}
