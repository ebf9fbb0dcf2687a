package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.objects.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.AbstractThrowableAssert;
import tools.jackson.databind.json.JsonMapper;

/** A folder with what people publish of a model (no optimizer, no state), and its imports. */
final class PublishedModel {
  private static final String PRETRAIN =
      """
      {"mix": {"words": 1}, "steps": 1, "rows": 2, "learningRate": 0.01}
      """;
  private static final String MIDTRAIN =
      """
      {"mix": {"words": 1}, "steps": 4, "rows": 2, "learningRate": 0.01}
      """;

  /** Those that every import reads. */
  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "tokenizer.json");

  final ToyFlow flow;
  final Path folder;
  private int imports;

  /** A model that {@code folder} holds already. */
  PublishedModel(ToyFlow flow, Path folder) {
    this.flow = flow;
    this.folder = folder;
  }

  /** A model that a flow in {@code root} has pretrained. */
  static PublishedModel in(Path root) throws IOException {
    ToyFlow flow = new ToyFlow(root);
    RecordedEvents events = new RecordedEvents();
    Stages.run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null), events);
    Path folder = Files.createDirectories(root.resolve("published"));
    for (String file : FILES) {
      Files.copy(events.checkpointAt(1).resolve(file), folder.resolve(file));
    }
    return new PublishedModel(flow, folder);
  }

  Path weights() {
    return folder.resolve("model.safetensors");
  }

  /** Writes a file beside the model, or another in its place. */
  Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** What a recipe pins, these files beside the model's own: the digest of each name. */
  Map<String, String> pinned(String... beside) throws IOException {
    List<String> names = new ArrayList<>(FILES);
    names.addAll(List.of(beside));
    Map<String, String> digests = new LinkedHashMap<>();
    for (String name : names) {
      digests.put(name, Digests.of(folder.resolve(name)).hex());
    }
    return digests;
  }

  /** What an import made and what it warned of. */
  record Imported(CheckpointFolder checkpoint, List<String> warnings) {
    Path path() {
      return checkpoint.path();
    }
  }

  Imported imported(Map<String, String> pinned) throws IOException {
    List<Map<String, String>> files = new ArrayList<>();
    pinned.forEach((name, digest) -> files.add(Map.of("name", name, "sha256", digest)));
    String parameters =
        JsonMapper.shared().writeValueAsString(Map.of("folder", folder.toString(), "files", files));
    RecordedEvents events = new RecordedEvents();
    StageSpec spec = flow.spec(StageKind.IMPORT, parameters, "imports/" + ++imports, null);
    StageResult.Done done = (StageResult.Done) Stages.run(spec, events);
    return new Imported(
        new CheckpointFolder(Objects.requireNonNull(done.outputs().get("checkpoint")).path()),
        events.lines.stream().filter(line -> line.startsWith("warning: ")).toList());
  }

  /** Where all imports write: not there before the first that writes. */
  Path imports() {
    return flow.root.resolve("imports");
  }

  AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      Map<String, String> pinned, FailureClass failureClass) {
    return assertThatThrownBy(() -> imported(pinned))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.failureClass()).isEqualTo(failureClass));
  }

  /** The checkpoint four steps after that of an import. */
  CheckpointFolder midtrained(Imported imported) throws IOException {
    flow.inputs.put("checkpoint", imported.path());
    RecordedEvents events = new RecordedEvents();
    Stages.run(flow.spec(StageKind.MIDTRAIN, MIDTRAIN, "mid", null), events);
    return new CheckpointFolder(events.checkpointAt(4));
  }
}
