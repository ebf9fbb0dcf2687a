package dev.modelflow.calibrate;

import dev.modelflow.domain.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A processor as {@code /proc/cpuinfo} describes it.
 *
 * @param vendor e.g. {@code AuthenticAMD}; empty where it is not known
 * @param model for people; empty where it is not known
 * @param flags what it can do, e.g. {@code avx512f}
 */
public record Processor(String vendor, String model, Set<String> flags) {
  private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");

  /** Copies the flags. */
  public Processor {
    flags = Set.copyOf(flags);
  }

  /** This machine's; one of which nothing is known where the system does not say. */
  public static Processor here() {
    try {
      return parse(Files.exists(DESCRIPTION) ? Files.readString(DESCRIPTION) : "");
    } catch (IOException unknown) {
      return parse("");
    }
  }

  /** Reads the first processor of such a description. */
  public static Processor parse(String description) {
    Map<String, String> fields = new HashMap<>();
    description
        .lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0) {
                fields.putIfAbsent(
                    line.substring(0, colon).strip(), line.substring(colon + 1).strip());
              }
            });
    String flags = fields.getOrDefault("flags", "");
    return new Processor(
        fields.getOrDefault("vendor_id", ""),
        fields.getOrDefault("model name", ""),
        flags.isEmpty() ? Set.of() : Set.of(flags.split("\\s+")));
  }

  boolean isAmd() {
    return vendor.equals("AuthenticAMD");
  }

  /** Whether it multiplies bf16 by instructions of its own. */
  boolean hasBf16() {
    return flags.contains("avx512_bf16") || flags.contains("amx_bf16");
  }

  /**
   * Whether it multiplies faster in bf16 than in float32. Intel's does with AMX alone: its vector
   * instructions for bf16 take as long as those for float32 with half as many values.
   */
  public boolean isFasterInBf16() {
    return flags.contains("amx_bf16") || (isAmd() && flags.contains("avx512_bf16"));
  }

  /** Equal for processors that can do the same. */
  String flagsDigest() {
    return Digest.of(String.join(" ", new TreeSet<>(flags))).brief();
  }
}
