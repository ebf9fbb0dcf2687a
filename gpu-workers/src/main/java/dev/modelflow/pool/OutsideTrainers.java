package dev.modelflow.pool;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.TrainerName;
import dev.modelflow.worker.StageFailedException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The trainers of others that a worker can start besides the engine.
 *
 * @param setups by the names that recipes call them
 */
public record OutsideTrainers(Map<String, TrainerSetup> setups) {
  /** None. */
  public static final OutsideTrainers NONE = new OutsideTrainers(Map.of());

  /** Copies the map. */
  public OutsideTrainers {
    setups = Map.copyOf(setups);
  }

  /**
   * How to start the trainer that a stage's parameters name.
   *
   * @param engine that of stages which name none
   * @throws StageFailedException when this worker cannot start it
   */
  TrainerSetup of(Map<String, @Nullable Object> parameters, TrainerSetup engine) {
    String name = TrainerName.of(parameters);
    if (name.equals(TrainerName.ENGINE)) {
      return engine;
    }
    TrainerSetup setup = setups.get(name);
    if (setup == null) {
      throw new StageFailedException(
          FailureClass.RECIPE,
          "This worker has no trainer '%s': choose another pool or trainer, or set up the pool's workers as docs/configuration.md says"
              .formatted(name));
    }
    return setup;
  }

  /** What they add to what the worker can do → the version of the code that does it. */
  Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    setups.forEach(
        (name, setup) -> {
          for (StageKind kind : TrainerName.kinds(name)) {
            versions.put(TrainerName.work(kind, name), setup.version());
          }
        });
    return versions;
  }
}
