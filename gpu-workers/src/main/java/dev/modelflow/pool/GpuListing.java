package dev.modelflow.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code nvidia-smi} prints. A value that a device does not have comes in brackets, such
 * as {@code [N/A]}; a line of another form is refused rather than guessed at, because a GPU that
 * fell off its bus shows in just such a line.
 */
final class GpuListing {
  /** The columns of {@link #parse}. */
  static final String COLUMNS = "index,uuid,name,memory.total,mig.mode.current";

  private static final long MEBIBYTE = 1L << 20;
  private static final String UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
  private static final Pattern ROW =
      Pattern.compile(
          "(?<index>[0-9]{1,4}), (?<uuid>GPU-"
              + UUID
              + "), (?<name>[^\\[\\]]+), (?:(?<memory>[0-9]{1,9})|"
              + "\\[?N/A]?|\\[Not Supported]), (?<mig>Enabled|Disabled|\\[?N/A]?|\\[Not Supported])");
  private static final Pattern WHOLE =
      Pattern.compile("GPU [0-9]+: .+ \\(UUID: (GPU-" + UUID + ")\\)");
  private static final Pattern PART =
      Pattern.compile(
          "MIG (\\S+) +Device +[0-9]+: \\(UUID: (MIG-(?:GPU-)?" + UUID + "(?:/[0-9]+/[0-9]+)?)\\)");

  // Ampere's: "Compute Capabilities" in NVIDIA's CUDA C++ Programming Guide.
  private static final int FIRST_WITH_BF16 = 8;
  private static final Pattern CAPABILITY = Pattern.compile("(?<major>[0-9]{1,4})\\.[0-9]{1,4}");

  private GpuListing() {}

  /**
   * Whether GPUs of these compute capabilities, one a line, all have instructions for bf16; one
   * that is not told is taken to have them.
   */
  static boolean haveBf16(String capabilities) {
    return capabilities
        .lines()
        .map(line -> CAPABILITY.matcher(line.strip()))
        .filter(Matcher::matches)
        .allMatch(told -> Integer.parseInt(told.group("major")) >= FIRST_WITH_BF16);
  }

  /**
   * The GPUs of a query for {@link #COLUMNS} as CSV without header and units, without their parts.
   * Throws {@link DeviceException} for any other text.
   */
  static List<Gpu> parse(String csv) {
    return csv.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .map(GpuListing::row)
        .toList();
  }

  private static Gpu row(String line) {
    Matcher row = ROW.matcher(line);
    if (!row.matches()) {
      throw new DeviceException(
          "nvidia-smi describes a GPU as '%s', where %s were asked for; see what 'nvidia-smi' says of its health"
              .formatted(line, COLUMNS));
    }
    @Nullable String memory = row.group("memory");
    return new Gpu(
        Integer.parseInt(row.group("index")),
        row.group("uuid"),
        row.group("name").strip(),
        memory == null ? null : Long.parseLong(memory) * MEBIBYTE,
        row.group("mig").equals("Enabled"),
        List.of());
  }

  /**
   * The same GPUs with the parts of those that are split, from what {@code nvidia-smi -L} prints.
   * Throws {@link DeviceException} for any other text.
   */
  static List<Gpu> withParts(List<Gpu> gpus, String listing) {
    Map<String, List<Gpu.Part>> parts = new HashMap<>();
    String whole = "";
    for (String line : listing.lines().map(String::strip).filter(it -> !it.isEmpty()).toList()) {
      Matcher gpu = WHOLE.matcher(line);
      Matcher part = PART.matcher(line);
      if (gpu.matches()) {
        whole = gpu.group(1);
      } else if (part.matches() && !whole.isEmpty()) {
        parts
            .computeIfAbsent(whole, uuid -> new ArrayList<>())
            .add(new Gpu.Part(part.group(2), part.group(1)));
      } else {
        throw new DeviceException(
            "nvidia-smi -L lists '%s', which is neither a GPU nor a part of one".formatted(line));
      }
    }
    return gpus.stream()
        .map(gpu -> gpu.withParts(parts.getOrDefault(gpu.uuid(), List.of())))
        .toList();
  }
}
