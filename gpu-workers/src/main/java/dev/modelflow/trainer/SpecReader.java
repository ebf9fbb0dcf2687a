package dev.modelflow.trainer;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.ranks.Rendezvous;
import dev.modelflow.engine.stage.Settings;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.StageSpec.Resume;
import dev.modelflow.engine.tensor.Device;
import dev.modelflow.engine.tensor.NoDeviceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code spec.json} as docs/trainer-contract.md describes it. */
public final class SpecReader {
  private static final int CONTRACT = 1;

  private SpecReader() {}

  /**
   * What the file asks this engine for.
   *
   * @param device what it is to compute on
   * @param ranks where the processes that do it together meet; null: this one does it alone
   */
  record Asked(StageSpec stage, Device device, @Nullable Rendezvous ranks) {}

  /**
   * What the file asks this engine for; throws {@link StageFailure} when the file is not a spec or
   * wants a device that no engine can use.
   */
  static Asked read(Path file) {
    JsonNode spec = tree(file);
    StageSpec stage = stage(spec);
    JsonNode device = spec.path("device");
    requirePrecision(device, stage);
    return new Asked(stage, device(device), rendezvous(spec.path("ranks")));
  }

  /** The file's tree; throws {@link StageFailure} when it is not a spec of this contract. */
  public static JsonNode tree(Path file) {
    try {
      JsonNode spec = JsonMapper.shared().readTree(Files.readString(file));
      requireContract(spec.path("contract").asInt(0));
      return spec;
    } catch (IOException | JacksonException e) {
      throw new StageFailure(
          FailureClass.PLATFORM, "The spec " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The stage that a spec asks for, on whatever device. */
  public static StageSpec stage(JsonNode spec) {
    try {
      return bind(spec);
    } catch (IllegalArgumentException e) {
      throw new StageFailure(FailureClass.RECIPE, String.valueOf(e.getMessage()), e);
    }
  }

  private static void requireContract(int contract) {
    if (contract != CONTRACT) {
      throw new StageFailure(
          FailureClass.PLATFORM,
          "The spec follows contract %d and this trainer %d: update one"
              .formatted(contract, CONTRACT));
    }
  }

  private static StageSpec bind(JsonNode spec) {
    String stage = spec.path("stage").asString("");
    JsonNode device = spec.path("device");
    return new StageSpec(
        stage,
        StageKind.of(spec.path("kind").asString("")),
        spec.path("seed").asLong(0),
        model(spec.path("model")),
        new Settings(stage, spec.path("parameters")),
        folders(spec.path("inputs")),
        resume(spec.path("resume")),
        Path.of(spec.path("output").asString("output")),
        Math.max(1, device.path("threads").asInt(1)));
  }

  /** What a spec's {@code device} names; throws {@link StageFailure} when no engine can use it. */
  public static Device device(JsonNode device) {
    try {
      return Device.of(device.path("kind").asString("cpu"));
    } catch (NoDeviceException e) {
      throw new StageFailure(FailureClass.PLATFORM, String.valueOf(e.getMessage()), e);
    }
  }

  /** A spec repeats the stage's precision; one that says another was not made for the stage. */
  private static void requirePrecision(JsonNode device, StageSpec stage) {
    String asked = stage.settings().precision().word();
    String named = device.path("precision").asString(asked);
    if (!named.equals(asked)) {
      throw new StageFailure(
          FailureClass.PLATFORM,
          "The spec's device.precision is %s, but stage %s trains in %s: make them the same"
              .formatted(named, stage.stage(), asked));
    }
  }

  private static ModelConfig model(JsonNode model) {
    int width = model.path("width").asInt(0);
    int heads = model.path("heads").asInt(0);
    return new ModelConfig(
        model.path("layers").asInt(0),
        width,
        heads,
        model.path("keyValueHeads").asInt(heads),
        model.path("headSize").asInt(heads < 1 ? 0 : width / heads),
        model.path("feedForward").asInt(0),
        model.path("vocabulary").asInt(0),
        model.path("context").asInt(0),
        model.path("slidingWindow").asInt(0),
        model.path("ropeBase").asDouble(500_000),
        null,
        model.path("tiedHead").asBoolean(false),
        experts(model.path("experts")));
  }

  private static @Nullable Experts experts(JsonNode experts) {
    return experts.isObject()
        ? new Experts(
            experts.path("count").asInt(0),
            experts.path("perToken").asInt(0),
            experts.path("balanceLoss").asDouble(0),
            experts.path("routerZLoss").asDouble(0))
        : null;
  }

  private static @Nullable Rendezvous rendezvous(JsonNode ranks) {
    return ranks.isObject()
        ? new Rendezvous(
            ranks.path("rank").asInt(-1),
            ranks.path("size").asInt(0),
            Path.of(ranks.path("rendezvous").asString()))
        : null;
  }

  private static Map<String, Path> folders(JsonNode inputs) {
    Map<String, Path> folders = new LinkedHashMap<>();
    inputs
        .properties()
        .forEach(entry -> folders.put(entry.getKey(), Path.of(entry.getValue().asString())));
    return folders;
  }

  private static @Nullable Resume resume(JsonNode resume) {
    return resume.isObject()
        ? new Resume(Path.of(resume.path("checkpoint").asString()), resume.path("step").asInt(-1))
        : null;
  }
}
