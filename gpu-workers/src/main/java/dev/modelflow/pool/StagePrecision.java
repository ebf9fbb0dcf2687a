package dev.modelflow.pool;

import dev.modelflow.domain.TrainerName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a stage's linear layers multiply in: a setting of the recipe's, not of the device's. */
public final class StagePrecision {
  /** The key among a stage's parameters. */
  private static final String KEY = "precision";

  private StagePrecision() {}

  /** The precision of a stage with these parameters, as recipes say it. */
  public static String of(Map<String, ? extends @Nullable Object> parameters) {
    return parameters.get(KEY) instanceof String asked ? asked : unasked(parameters);
  }

  /** Open-instruct's programs know no other, and no stage of theirs may ask for one. */
  private static String unasked(Map<String, ? extends @Nullable Object> parameters) {
    return TrainerName.of(parameters).equals(TrainerName.OPEN_INSTRUCT) ? "bf16" : "float32";
  }
}
