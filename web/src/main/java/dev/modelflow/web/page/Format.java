package dev.modelflow.web.page;

import dev.modelflow.domain.CanonicalJson;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values in the form that people read, for templates: {@code format.bytes(...)}. */
class Format {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm:ss 'UTC'", Locale.ROOT);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final String NOTHING = "–";

  private final Clock clock;

  Format(Clock clock) {
    this.clock = clock;
  }

  /** E.g. {@code 23 Nov 2026, 22:35:01 UTC}. */
  public String moment(@Nullable Instant at) {
    return at == null ? NOTHING : MOMENT.format(at.atOffset(ZoneOffset.UTC));
  }

  /** E.g. {@code 22:35:01}. */
  public String clock(Instant at) {
    return CLOCK.format(at.atOffset(ZoneOffset.UTC));
  }

  /** E.g. {@code 3 min ago}. */
  public String ago(@Nullable Instant at) {
    if (at == null) {
      return NOTHING;
    }
    Duration since = Duration.between(at, clock.instant());
    if (since.toSeconds() < 5) {
      return "just now";
    }
    if (since.toSeconds() < 60) {
      return since.toSeconds() + " s ago";
    }
    if (since.toMinutes() < 60) {
      return since.toMinutes() + " min ago";
    }
    if (since.toHours() < 24) {
      return since.toHours() + " h ago";
    }
    return since.toDays() == 1 ? "yesterday" : since.toDays() + " days ago";
  }

  /** From {@code start} to {@code end}, or to now; e.g. {@code 4 min 12 s}. */
  public String took(@Nullable Instant start, @Nullable Instant end) {
    if (start == null) {
      return NOTHING;
    }
    return duration(Duration.between(start, end == null ? clock.instant() : end));
  }

  /** The two largest units, e.g. {@code 2 h 5 min}. */
  public String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return pair(seconds / 60, "min", seconds % 60, "s");
    }
    if (seconds < 86400) {
      return pair(seconds / 3600, "h", seconds % 3600 / 60, "min");
    }
    return pair(seconds / 86400, "d", seconds % 86400 / 3600, "h");
  }

  private static String pair(long large, String largeUnit, long small, String smallUnit) {
    String first = large + " " + largeUnit;
    return small == 0 ? first : first + " " + small + " " + smallUnit;
  }

  /** E.g. {@code 3.4 MB}, in powers of ten. */
  public String bytes(long bytes) {
    return bytes < 1000
        ? bytes + " B"
        : scaled((double) bytes, new String[] {"kB", "MB", "GB", "TB", "PB"});
  }

  /** E.g. {@code 1.2 M}. */
  public String count(@Nullable Number number) {
    if (number == null) {
      return NOTHING;
    }
    double value = number.doubleValue();
    return value < 10_000
        ? whole(Math.round(value))
        : scaled(value, new String[] {"k", "M", "G", "T", "P"});
  }

  /** Keys of a recipe with their values, e.g. {@code schedule cosine, zLoss 1.0E-5}. */
  public String keys(Map<String, Object> keys) {
    return keys.entrySet().stream()
        .map(it -> it.getKey() + " " + CanonicalJson.write(it.getValue()).replace("\"", ""))
        .collect(Collectors.joining(", "));
  }

  /** With thin spaces between groups of three digits. */
  public String whole(@Nullable Number number) {
    return number == null
        ? NOTHING
        : String.format(Locale.ROOT, "%,d", number.longValue()).replace(',', '\u202f');
  }

  /** Four significant digits, e.g. {@code 2.241}. */
  public String number(@Nullable Double value) {
    if (value == null) {
      return NOTHING;
    }
    double size = Math.abs(value);
    if (size != 0 && (size < 0.001 || size >= 100_000)) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    int digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  /** Like {@link #number}, with the sign written out. */
  public String signed(double value) {
    return (value < 0 ? "\u2212" : "+") + number(Math.abs(value));
  }

  /** The first twelve digits of a digest. */
  public String brief(String digest) {
    return digest.length() > 12 ? digest.substring(0, 12) : digest;
  }

  private static String scaled(double value, String[] units) {
    int unit = -1;
    double scaled = value;
    while (scaled >= 999.5 && unit < units.length - 1) {
      scaled /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, scaled < 9.95 ? "%.1f %s" : "%.0f %s", scaled, units[unit]);
  }
}
