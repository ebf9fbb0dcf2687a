package dev.modelflow.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What some files hold, read again when one of them has changed. While they hold nothing usable, as
 * in the middle of a replacement, the last usable value stays. May be used from any thread.
 */
public final class Watched<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Watched.class);

  private final List<Path> files;
  private final Supplier<T> reader;
  private volatile Reading<T> reading;

  /**
   * Reads at once.
   *
   * @param reader throws {@link BadFileException} when the files hold nothing usable
   */
  public Watched(List<Path> files, Supplier<T> reader) {
    this.files = List.copyOf(files);
    this.reader = reader;
    List<Stamp> stamps = stamps();
    this.reading = new Reading<>(stamps, reader.get());
  }

  /** The value of the files as they are now. Looks at their times, so it costs little. */
  public T get() {
    Reading<T> last = reading;
    List<Stamp> now = stamps();
    return now.equals(last.stamps) ? last.value : readAgain(now);
  }

  private synchronized T readAgain(List<Stamp> now) {
    if (now.equals(reading.stamps)) {
      return reading.value;
    }
    T value = reading.value;
    try {
      value = reader.get();
      LOG.info("Read {} again", files);
    } catch (BadFileException unusable) {
      LOG.warn("Going on with what was read before, not {}", unusable.getMessage());
    }
    reading = new Reading<>(now, value);
    return value;
  }

  private List<Stamp> stamps() {
    return files.stream().map(Stamp::of).toList();
  }

  private record Reading<T>(List<Stamp> stamps, T value) {}

  /** Changes with the file, also when another one takes its place within the clock's resolution. */
  private record Stamp(long nanos, long size, String file) {
    private static final Stamp MISSING = new Stamp(0, 0, "");

    static Stamp of(Path path) {
      try {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        @Nullable Object key = found.fileKey();
        return new Stamp(
            found.lastModifiedTime().to(TimeUnit.NANOSECONDS),
            found.size(),
            Objects.toString(key, ""));
      } catch (IOException missing) {
        return MISSING;
      }
    }
  }
}
