package dev.modelflow.engine.stage;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.checkpoint.TakenOver;
import dev.modelflow.engine.checkpoint.WeightFiles;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageResult.Output;
import dev.modelflow.engine.tensor.SignOfLife;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.GenerationConfig;
import dev.modelflow.text.SpecialIds;
import dev.modelflow.text.TemplateFile;
import dev.modelflow.text.TextException;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.TokenizerConfig;
import dev.modelflow.weights.ModelFiles;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes a model in Hugging Face's layout as the checkpoint that a flow starts from. The recipe pins
 * every file that is read to its digest, so that an equal recipe begins with an equal model;
 * nothing is trained on a folder that is damaged, of another model than the recipe's, or not
 * computed exactly by this engine.
 */
final class ImportStage {
  private final StageSpec spec;
  private final SignOfLife sign;
  private final CheckpointFolder source;
  private final Map<String, String> digests;

  private ImportStage(StageSpec spec, SignOfLife sign) {
    this.spec = spec;
    this.sign = sign;
    source = new CheckpointFolder(Path.of(spec.settings().text("folder")), sign);
    digests = spec.settings().digests("files");
  }

  static StageResult run(StageSpec spec, StageEvents events) throws IOException {
    events.started(0, 1);
    ImportStage stage = new ImportStage(spec, events);
    stage.requireFolder();
    stage.requireAllOf(names(stage.files()));
    List<String> weights = ModelFiles.names(stage.source.path());
    // What is wrong with the others is said before weights are read, which may take minutes.
    stage.requireDigests(stage.allBut(weights));
    ModelConfig model = stage.model();
    List<String> left =
        LeftBehind.of(stage.source.path(), stage.takesTemplate(), stage.generation(model));
    stage.requireDigests(weights);
    left.forEach(sentence -> events.log("warning", sentence));
    Path checkpoint = stage.copy(model);
    events.progress(1, 1, 0, 0);
    Map<String, Output> outputs = new LinkedHashMap<>();
    Map<String, Object> properties = Map.of("step", 0, "tokens", 0);
    outputs.put("checkpoint", new Output(ArtifactKind.CHECKPOINT, checkpoint, properties));
    outputs.put("tokenizer", stage.tokenizer());
    return new Done(outputs);
  }

  /** Apart from the weights, for stages that only read text. */
  private Output tokenizer() throws IOException {
    Path folder = Files.createDirectories(spec.output().resolve("tokenizer"));
    Files.copy(source.tokenizer(), folder.resolve(Tokenizer.FILE));
    int size = Tokenizer.read(folder).vocabularySize();
    return new Output(ArtifactKind.TOKENIZER, folder, Map.of("vocabulary", size));
  }

  private void requireFolder() {
    if (!Files.isDirectory(source.path())) {
      throw new StageFailure(
          FailureClass.DATA,
          "There is no folder %s on this worker: put the model there, or mount it there where the worker runs in a container"
              .formatted(source.path()));
    }
    if (!Files.isReadable(source.path()) || !Files.isExecutable(source.path())) {
      throw unreadable(source.path());
    }
  }

  private static StageFailure unreadable(Path path) {
    return new StageFailure(
        FailureClass.DATA,
        "This worker may not read %s: let the user that it runs as read it".formatted(path));
  }

  private List<Path> files() throws IOException {
    try {
      return source.files();
    } catch (AccessDeniedException denied) {
      throw unreadable(Path.of(denied.getFile()));
    }
  }

  private List<String> allBut(List<String> weights) {
    return digests.keySet().stream().filter(name -> !weights.contains(name)).toList();
  }

  private void requireDigests(List<String> names) throws IOException {
    for (String name : names) {
      requireDigest(name);
    }
  }

  private void requireDigest(String name) throws IOException {
    Path file = source.path().resolve(name);
    String wanted = digests.get(name);
    String found = Digests.of(file, sign::goesOn).hex();
    if (!found.equals(wanted)) {
      throw new StageFailure(
          FailureClass.DATA,
          "%s has SHA-256 %s and the recipe wants %s: fetch it again, or change the recipe"
              .formatted(file, found, wanted));
    }
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(file -> String.valueOf(file.getFileName())).toList();
  }

  /** Audits list what is pinned as what the model is made of, so it is that, and no file more. */
  private void requireAllOf(List<String> read) {
    for (String name : read) {
      if (!digests.containsKey(name)) {
        throw spec.settings()
            .wrong("files", digests.keySet(), "also " + name + ", which is read as well");
      }
    }
    for (String name : digests.keySet()) {
      if (!read.contains(name) && !TakenOver.FILES.contains(name)) {
        throw new StageFailure(
            FailureClass.RECIPE,
            "'files' pins %s, which no import of %s reads: correct its name, or leave it out"
                .formatted(name, source.path()));
      }
      if (!Files.exists(source.path().resolve(name))) {
        throw new StageFailure(
            FailureClass.DATA,
            "%s has no %s, which the recipe pins: fetch it, or leave it out of 'files'"
                .formatted(source.path(), name));
      }
      if (!Files.isReadable(source.path().resolve(name))) {
        throw unreadable(source.path().resolve(name));
      }
    }
  }

  /** What the recipe pins beside the files that model and tokenizer are read from. */
  private List<String> takenOver() {
    return TakenOver.FILES.stream()
        .filter(digests::containsKey)
        .filter(name -> !name.equals(TokenizerConfig.FILE) || speaksOfTemplate())
        .toList();
  }

  /** A tokenizer's configuration is taken over for the template alone, and for its tokens. */
  private boolean speaksOfTemplate() {
    return digests.containsKey(TemplateFile.NAME)
        || TemplateFile.of(source.path().resolve(TokenizerConfig.FILE)).isPresent();
  }

  private boolean takesTemplate() {
    String counting = String.valueOf(TemplateFile.source(source.path()).getFileName());
    List<String> taken = takenOver();
    if (taken.contains(TokenizerConfig.FILE) && !taken.contains(counting)) {
      throw spec.settings()
          .wrong("files", digests.keySet(), "also " + counting + ", whose template counts");
    }
    return taken.contains(counting);
  }

  private ModelConfig model() throws IOException {
    ModelConfig found = source.model();
    requireRecipesModel(found);
    // How strongly routers are kept in balance is the flow's to say, not the model's.
    ModelConfig model = found.withExperts(spec.model().experts());
    Vocabulary.requireFits(source.path(), model);
    return model;
  }

  /** What a release of this model says; a file that it could not read is refused here. */
  private Map<String, Object> generation(ModelConfig model) {
    return GenerationConfig.of(
        SpecialIds.read(source.path()),
        model.context(),
        digests.containsKey(GenerationConfig.FILE)
            ? GenerationConfig.taken(source.path())
            : Map.of());
  }

  private Path copy(ModelConfig model) throws IOException {
    CheckpointFolder target = new CheckpointFolder(spec.output().resolve("checkpoint"), sign);
    try (WeightFiles weights = source.weights()) {
      weights.require("", new ParameterLayout(model));
      target.write(model, weights, besideWeights(), state());
    }
    return target.path();
  }

  /** The tokenizer in a folder that holds nothing else but what is taken over. */
  private Path besideWeights() throws IOException {
    Path folder = Files.createDirectories(spec.output().resolve("beside"));
    for (String name : takenOver()) {
      Files.copy(source.path().resolve(name), folder.resolve(name));
    }
    Path tokenizer = Files.copy(source.tokenizer(), folder.resolve(Tokenizer.FILE));
    requireTemplateIsFollowed(folder);
    return tokenizer;
  }

  /** Later stages follow the template exactly, or the model is not imported with it. */
  private static void requireTemplateIsFollowed(Path folder) {
    try {
      ChatTemplate.of(folder, Tokenizer.read(folder));
    } catch (TextException refused) {
      throw new StageFailure(FailureClass.RECIPE, String.valueOf(refused.getMessage()), refused);
    }
  }

  private ObjectNode state() {
    ObjectNode state = JsonMapper.shared().createObjectNode();
    state.put("kind", spec.kind().word());
    state.put("step", 0);
    state.put("optimizerSteps", 0);
    state.put("tokens", 0);
    state.put("seed", spec.seed());
    return state;
  }

  /** What the recipe says of the model must be so, since plans and later stages count on it. */
  private void requireRecipesModel(ModelConfig found) {
    List<String> changes = RecipeModel.changes(spec.model(), found);
    if (!changes.isEmpty()) {
      throw new StageFailure(
          FailureClass.RECIPE,
          "The recipe's model is not that of %s: %s"
              .formatted(source.path(), String.join(", ", changes)));
    }
  }
}
