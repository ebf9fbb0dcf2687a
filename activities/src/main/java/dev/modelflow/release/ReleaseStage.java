package dev.modelflow.release;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.text.GenerationConfig;
import dev.modelflow.text.Json;
import dev.modelflow.text.SpecialIds;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.weights.CheckpointException;
import dev.modelflow.worker.StageFailedException;
import dev.modelflow.worker.StageOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The stage {@code release}: a checkpoint as a folder in Hugging Face's layout. */
public final class ReleaseStage {
  private static final String CONFIG = "config.json";

  private ReleaseStage() {}

  /**
   * Runs the stage.
   *
   * @param parameters as the recipe resolved them, see {@code docs/recipe.md}
   * @param checkpoint the folder of the checkpoint that is released
   * @param audit of that checkpoint
   * @param output an empty folder; the release becomes a folder in it
   * @return {@code release}
   */
  public static Map<String, StageOutput> run(
      Map<String, ? extends @Nullable Object> parameters,
      Path checkpoint,
      ArtifactAudit audit,
      Path output) {
    ReleaseParameters release = ReleaseParameters.of(parameters);
    try {
      Path folder = Files.createDirectories(output.resolve("release"));
      copy(checkpoint.resolve(CONFIG), folder.resolve(CONFIG));
      copy(checkpoint.resolve(Tokenizer.FILE), folder.resolve(Tokenizer.FILE));
      ReleasedWeights.write(checkpoint, release.dtype().stored(), release.shardBytes(), folder);
      JsonNode config = Json.read(checkpoint.resolve(CONFIG));
      if (release.dtype() != WeightType.FLOAT32) {
        writeConfig(config, release.dtype(), folder.resolve(CONFIG));
      }
      int context = config.path("max_position_embeddings").asInt(0);
      Chats chats = Chats.of(checkpoint, audit);
      chats.write(context, folder);
      Json.write(folder.resolve(GenerationConfig.FILE), generation(checkpoint, context));
      Files.writeString(
          folder.resolve("README.md"),
          ModelCard.write(release, Architecture.of(config), chats, audit));
      Json.write(folder.resolve("audit.json"), audit.provenance());
      Map<String, String> properties =
          Map.of("title", release.title(), "checkpoint", audit.artifact().hex());
      return Map.of("release", new StageOutput(ArtifactKind.RELEASE, folder, properties));
    } catch (CheckpointException e) {
      throw new StageFailedException(FailureClass.DATA, "Cannot release: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the release in " + output, e);
    }
  }

  /** The same but for the type, which transformers loads the weights in. */
  private static void writeConfig(JsonNode config, WeightType type, Path file) throws IOException {
    Map<String, Object> tree = Json.tree(config);
    tree.put("dtype", type.torchName());
    Files.writeString(file, CanonicalJson.write(tree) + "\n");
  }

  private static Map<String, Object> generation(Path checkpoint, int context) {
    return GenerationConfig.of(
        SpecialIds.read(checkpoint), context, GenerationConfig.taken(checkpoint));
  }

  private static void copy(Path from, Path to) throws IOException {
    if (!Files.exists(from)) {
      throw new StageFailedException(
          FailureClass.DATA,
          "The checkpoint has no %s: only a checkpoint in the documented form can be released"
              .formatted(from.getFileName()));
    }
    Files.copy(from, to);
  }
}
