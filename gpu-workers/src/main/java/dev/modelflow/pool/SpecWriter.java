package dev.modelflow.pool;

import dev.modelflow.worker.ResumePoint;
import dev.modelflow.worker.StageContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes {@code spec.json} as docs/trainer-contract.md describes it. */
final class SpecWriter {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int CONTRACT = 1;

  private SpecWriter() {}

  /**
   * Writes the spec of one rank into the context's working folder and returns its path. What ranks
   * behind the first write to their own output is kept by nobody.
   *
   * @param ranks how many there are; 1: the trainer is one process and is told of no ranks
   */
  static Path write(StageContext context, Device device, int rank, int ranks) throws IOException {
    Path folder = context.workFolder().toAbsolutePath();
    String suffix = rank == 0 ? "" : "-" + rank;
    Path output = Files.createDirectories(folder.resolve("output" + suffix));
    Map<String, @Nullable Object> spec = new LinkedHashMap<>();
    spec.put("contract", CONTRACT);
    spec.put("run", context.runId());
    spec.put("stage", context.stage());
    spec.put("kind", context.kind().word());
    spec.put("epoch", context.epoch());
    spec.put("seed", context.seed());
    spec.put("model", context.model());
    String precision = StagePrecision.of(context.parameters(), device);
    spec.put("parameters", StagePrecision.told(context.parameters(), precision));
    spec.put("inputs", inputs(context));
    spec.put("resume", context.resume().map(SpecWriter::resume).orElse(null));
    spec.put("output", output.toString());
    spec.put(
        "device",
        Map.of("kind", device.kind(), "threads", device.threads(), "precision", precision));
    if (ranks > 1) {
      String rendezvous = folder.resolve("rendezvous").toString();
      spec.put("ranks", Map.of("rank", rank, "size", ranks, "rendezvous", rendezvous));
    }
    return Files.write(folder.resolve("spec" + suffix + ".json"), JSON.writeValueAsBytes(spec));
  }

  private static Map<String, String> inputs(StageContext context) {
    Map<String, String> inputs = new LinkedHashMap<>();
    context
        .inputs()
        .forEach((role, folder) -> inputs.put(role, folder.toAbsolutePath().toString()));
    return inputs;
  }

  private static Map<String, Object> resume(ResumePoint point) {
    return Map.of("checkpoint", point.folder().toAbsolutePath().toString(), "step", point.step());
  }
}
