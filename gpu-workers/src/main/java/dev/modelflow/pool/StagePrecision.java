package dev.modelflow.pool;

import dev.modelflow.domain.TrainerName;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a stage's linear layers multiply in: a setting of the recipe's, which may leave it to the
 * device.
 */
final class StagePrecision {
  /** The key among a stage's parameters. */
  private static final String KEY = "precision";

  private static final String AUTO = "auto";
  private static final String FLOAT32 = "float32";
  private static final String BF16 = "bf16";

  private StagePrecision() {}

  /** The precision of a stage with these parameters on this device, as trainers are told it. */
  static String of(Map<String, ? extends @Nullable Object> parameters, Device device) {
    return switch (parameters.get(KEY)) {
      case String asked when asked.equals(AUTO) -> device.fasterInBf16() ? BF16 : FLOAT32;
      case String asked -> asked;
      case null, default -> unasked(parameters);
    };
  }

  /** The same parameters as a trainer is told them, to whom nothing is left to choose. */
  static Map<String, @Nullable Object> told(
      Map<String, ? extends @Nullable Object> parameters, String precision) {
    Map<String, @Nullable Object> told = new LinkedHashMap<>(parameters);
    told.replace(KEY, precision);
    return told;
  }

  /** Open-instruct's programs know no other, and no stage of theirs may ask for one. */
  private static String unasked(Map<String, ? extends @Nullable Object> parameters) {
    return TrainerName.of(parameters).equals(TrainerName.OPEN_INSTRUCT) ? BF16 : FLOAT32;
  }
}
