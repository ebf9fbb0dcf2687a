package dev.modelflow.bench;

import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.tensor.Device;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.recipe.ModelShape;
import dev.modelflow.trainer.SpecReader;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The stage that is measured, as its {@code spec.json} says it, and others like it. */
final class BenchStage {
  private final ObjectNode tree;
  private final StageSpec spec;

  private BenchStage(ObjectNode tree) {
    this.tree = tree;
    spec = SpecReader.stage(tree);
  }

  static BenchStage read(Path file) {
    return new BenchStage((ObjectNode) SpecReader.tree(file));
  }

  StageSpec spec() {
    return spec;
  }

  /** What it computes on. */
  Device device() {
    return SpecReader.device(tree.path("device"));
  }

  /** What linear layers compute in. */
  Precision precision() {
    return spec.settings().precision();
  }

  ModelShape shape() {
    return new ModelShape(
        JsonMapper.shared()
            .convertValue(tree.path("model"), new TypeReference<Map<String, Object>>() {}));
  }

  int rows() {
    return spec.settings().integer("rows", 1);
  }

  /** The same stage with so many steps. */
  BenchStage withSteps(int steps) {
    return with("steps", steps);
  }

  /** The same stage with checkpoints after so many steps each. */
  BenchStage withCheckpoints(int every) {
    return with("checkpointEvery", every);
  }

  /** The same stage on short documents of several sources. */
  BenchStage mixed() {
    ObjectNode changed = tree.deepCopy();
    parameters(changed).set("mix", JsonMapper.shared().valueToTree(BenchTokens.mixed()));
    return new BenchStage(changed);
  }

  private BenchStage with(String parameter, int value) {
    ObjectNode changed = tree.deepCopy();
    parameters(changed).put(parameter, value);
    return new BenchStage(changed);
  }

  private static ObjectNode parameters(ObjectNode spec) {
    return (ObjectNode) spec.path("parameters");
  }
}
