package dev.modelflow.objects;

import dev.modelflow.domain.Digest;
import io.minio.AbortMultipartUploadArgs;
import io.minio.ListMultipartUploadsArgs;
import io.minio.ListMultipartUploadsResponse;
import io.minio.ListObjectsArgs;
import io.minio.MinioAsyncClient;
import io.minio.MinioClient;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import io.minio.messages.ListMultipartUploadsResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * What a bucket holds, whether anybody owns it or not. What has a name that the platform never
 * gives is left alone.
 */
public final class Inventory implements AutoCloseable {
  private static final Pattern OURS =
      Pattern.compile("(objects|damaged)/[0-9a-f]{2}/([0-9a-f]{64})");

  /** An answer that takes longer is not waited for; Postgres waits longer for us. */
  private static final Duration BRIEFLY = Duration.ofSeconds(10);

  private final OkHttpClient http;
  private final MinioClient client;
  private final MinioClient brief;
  private final MinioAsyncClient uploads;
  private final String bucket;
  private final Ages ages;
  private final Patience patience;

  private Inventory(ObjectStoreConfig config) {
    this.http = Connections.http(config);
    this.client = Connections.client(config, http);
    this.brief = Connections.client(config, http.newBuilder().callTimeout(BRIEFLY).build());
    this.uploads =
        MinioAsyncClient.builder()
            .endpoint(config.endpoint())
            .region("us-east-1")
            .credentials(config.accessKey(), config.secretKey())
            .httpClient(http.newBuilder().addInterceptor(new StorageClasses()).build())
            .build();
    this.bucket = config.bucket();
    this.ages = new Ages(brief, bucket);
    this.patience = new Patience(config.patience());
  }

  /** Of the bucket that {@code config} names, which must exist. */
  public static Inventory open(ObjectStoreConfig config) {
    return new Inventory(config);
  }

  /**
   * One thing in the bucket.
   *
   * @param key its name
   * @param digest that an artifact would list it by; empty for what was set aside as damaged
   * @param size in bytes
   */
  public record Stored(String key, Optional<Digest> digest, long size) {}

  /**
   * Gives all that seems older than {@code age} to {@code reader}, so many at a time. Here the age
   * is told by this machine's clock; {@link #remove} asks the store.
   */
  public void olderThan(Duration age, int most, Consumer<List<Stored>> reader) {
    List<Stored> batch = new ArrayList<>();
    for (String folder : List.of("objects/", "damaged/")) {
      for (Result<Item> result : list(folder)) {
        Item item = patience.call("list bucket '" + bucket + "'", result::get);
        if (Instant.now().minus(age).isAfter(item.lastModified().toInstant())) {
          stored(item).ifPresent(batch::add);
        }
        if (batch.size() >= most) {
          reader.accept(List.copyOf(batch));
          batch.clear();
        }
      }
    }
    if (!batch.isEmpty()) {
      reader.accept(List.copyOf(batch));
    }
  }

  private Iterable<Result<Item>> list(String folder) {
    return client.listObjects(
        ListObjectsArgs.builder().bucket(bucket).prefix(folder).recursive(true).build());
  }

  private static Optional<Stored> stored(Item item) {
    Matcher name = OURS.matcher(item.objectName());
    if (!name.matches()) {
      return Optional.empty();
    }
    Optional<Digest> digest =
        name.group(1).equals("objects") ? Optional.of(new Digest(name.group(2))) : Optional.empty();
    return Optional.of(new Stored(item.objectName(), digest, item.size()));
  }

  /** Keeps everybody from relying on an object while it is being removed. */
  public interface Guard {
    /** Does {@code removal} while nobody begins to rely on the object, unless somebody does. */
    void around(Stored object, Runnable removal);

    /** Within {@link #around}: throws when somebody may have begun to rely on the object. */
    void confirm();
  }

  /**
   * Removes an object if it is still older than {@code age}; returns whether it did. Each try is a
   * removal of its own to the guard: while the store is away, everybody may go on, and when it is
   * back the object may be new.
   */
  public boolean remove(Stored object, Duration age, Guard guard) {
    Removal removal = new Removal(object.key(), age, guard);
    return patience.call(
        "remove object " + object.key(),
        () -> {
          removal.begin();
          guard.around(object, removal);
          return removal.done();
        });
  }

  /** Asks once; a guard lets no checked failure through, so it is kept for later. */
  private final class Removal implements Runnable {
    private final String key;
    private final Duration age;
    private final Guard guard;
    private boolean asked;
    private boolean done;
    private @Nullable MinioException failure;

    Removal(String key, Duration age, Guard guard) {
      this.key = key;
      this.age = age;
      this.guard = guard;
    }

    void begin() {
      done = false;
      failure = null;
    }

    @Override
    public void run() {
      begin();
      try {
        Optional<Duration> found = ages.of(key);
        if (found.isPresent() && found.get().compareTo(age) > 0) {
          guard.confirm();
          asked = true;
          brief.removeObject(RemoveObjectArgs.builder().bucket(bucket).object(key).build());
          done = true;
        } else {
          // What is gone after we asked for it went without an answer to us.
          done = asked && found.isEmpty();
        }
      } catch (MinioException unanswered) {
        failure = unanswered;
      }
    }

    boolean done() throws MinioException {
      if (failure != null) {
        throw failure;
      }
      return done;
    }
  }

  /**
   * Ends uploads that were begun before {@code age} and never completed, or with {@code dryRun}
   * only counts them; returns how many. Looks at the first thousand: the next time there are
   * others.
   */
  public long brokenOff(Duration age, boolean dryRun) {
    long found = 0;
    for (ListMultipartUploadsResult.Upload upload : old(age)) {
      found++;
      if (!dryRun) {
        patience.call(
            "end the upload of " + upload.objectName(),
            () ->
                waited(
                    uploads.abortMultipartUpload(
                        AbortMultipartUploadArgs.builder()
                            .bucket(bucket)
                            .object(upload.objectName())
                            .uploadId(upload.uploadId())
                            .build())));
      }
    }
    return found;
  }

  private List<ListMultipartUploadsResult.Upload> old(Duration age) {
    ListMultipartUploadsResponse answer =
        patience.call(
            "list uploads in bucket '" + bucket + "'",
            () ->
                waited(
                    uploads.listMultipartUploads(
                        ListMultipartUploadsArgs.builder().bucket(bucket).build())));
    return answer.result().uploads().stream()
        .filter(
            it ->
                OURS.matcher(it.objectName()).matches()
                    && Ages.between(it.initiated(), answer.headers()).compareTo(age) > 0)
        .toList();
  }

  private static <T> T waited(CompletableFuture<T> answer) throws Exception {
    try {
      return answer.get();
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof Exception cause ? cause : failure;
    }
  }

  @Override
  public void close() {
    Connections.close(http);
  }
}
