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
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * What a bucket holds, whether anybody owns it or not. What has a name that the platform never
 * gives is left alone.
 */
public final class Inventory implements AutoCloseable {
  private static final List<String> FOLDERS = List.of("objects/", "damaged/");

  /** Objects by their digests, and those that a probe was kept from deleting. */
  private static final Pattern OURS =
      Pattern.compile(
          "(objects|damaged)/[0-9a-f]{2}/([0-9a-f]{64})|" + StoreProbe.FOLDER + "[0-9a-f-]{36}");

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
   * @param digest that an artifact would list it by; empty for what is nobody's by its name
   * @param size in bytes
   */
  public record Stored(String key, Optional<Digest> digest, long size) {}

  /**
   * Gives all that seems older than {@code age} to {@code reader}, so many at a time. Here the age
   * is told by this machine's clock; {@link #remove} asks the store.
   *
   * @param most 1 to 1000, which is what a store lists at once
   */
  public void olderThan(Duration age, int most, Consumer<List<Stored>> reader) {
    for (String folder : FOLDERS) {
      String last = "";
      List<Item> page;
      do {
        page = page(folder, last, most);
        List<Stored> old =
            page.stream().filter(it -> seemsOlder(it, age)).flatMap(Inventory::stored).toList();
        if (!old.isEmpty()) {
          reader.accept(old);
        }
        last = page.isEmpty() ? last : page.getLast().objectName();
      } while (page.size() == most);
    }
  }

  private static boolean seemsOlder(Item item, Duration age) {
    return Instant.now().minus(age).isAfter(item.lastModified().toInstant());
  }

  /**
   * The objects behind {@code last}. An iterator that failed fails ever after, so each try is new.
   */
  private List<Item> page(String folder, String last, int most) {
    return patience.call(
        "list bucket '" + bucket + "'",
        () -> {
          List<Item> page = new ArrayList<>();
          Iterator<Result<Item>> listed = list(folder, last, most).iterator();
          while (page.size() < most && listed.hasNext()) {
            page.add(listed.next().get());
          }
          return page;
        });
  }

  private Iterable<Result<Item>> list(String folder, String last, int most) {
    ListObjectsArgs.Builder query =
        ListObjectsArgs.builder().bucket(bucket).prefix(folder).recursive(true).maxKeys(most);
    return client.listObjects(last.isEmpty() ? query.build() : query.startAfter(last).build());
  }

  private static Stream<Stored> stored(Item item) {
    Matcher name = OURS.matcher(item.objectName());
    if (!name.matches()) {
      return Stream.empty();
    }
    Optional<Digest> digest =
        "objects".equals(name.group(1)) ? Optional.of(new Digest(name.group(2))) : Optional.empty();
    return Stream.of(new Stored(item.objectName(), digest, item.size()));
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
   * only counts them; returns how many.
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
    List<ListMultipartUploadsResult.Upload> old = new ArrayList<>();
    UploadsAfter next = UploadsAfter.NONE;
    UploadsAfter last;
    do {
      last = next;
      ListMultipartUploadsResponse page = page(last);
      page.result().uploads().stream().filter(it -> beganBefore(it, page, age)).forEach(old::add);
      next = UploadsAfter.of(page.result());
    } while (!next.equals(UploadsAfter.NONE) && !next.equals(last));
    return old;
  }

  private static boolean beganBefore(
      ListMultipartUploadsResult.Upload upload, ListMultipartUploadsResponse page, Duration age) {
    return OURS.matcher(upload.objectName()).matches()
        && Ages.between(upload.initiated(), page.headers()).compareTo(age) > 0;
  }

  private ListMultipartUploadsResponse page(UploadsAfter last) {
    ListMultipartUploadsArgs.Builder query = ListMultipartUploadsArgs.builder().bucket(bucket);
    ListMultipartUploadsArgs page =
        last.equals(UploadsAfter.NONE)
            ? query.build()
            : query.keyMarker(last.key()).uploadIdMarker(last.id()).build();
    return patience.call(
        "list uploads in bucket '" + bucket + "'",
        () -> waited(uploads.listMultipartUploads(page)));
  }

  /** Behind which upload a list goes on. */
  private record UploadsAfter(@Nullable String key, @Nullable String id) {
    private static final UploadsAfter NONE = new UploadsAfter(null, null);

    static UploadsAfter of(ListMultipartUploadsResult page) {
      return page.isTruncated()
          ? new UploadsAfter(page.nextKeyMarker(), page.nextUploadIdMarker())
          : NONE;
    }
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
