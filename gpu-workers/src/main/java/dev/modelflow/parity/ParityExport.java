package dev.modelflow.parity;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.Digest;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.gguf.GgufExport;
import dev.modelflow.engine.gguf.GgufType;
import dev.modelflow.engine.learn.ExpertLoad;
import dev.modelflow.engine.learn.Gradients;
import dev.modelflow.engine.learn.NextToken;
import dev.modelflow.engine.learn.StepLoss;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.Tensors;
import dev.modelflow.release.ReleaseStage;
import dev.modelflow.text.Dolma2;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.weights.Safetensors;
import dev.modelflow.weights.Safetensors.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code ParityExport FOLDER} writes a toy model as a checkpoint into {@code FOLDER/model}, as the
 * stage {@code release} publishes that into {@code FOLDER/release}, and as llama.cpp loads it into
 * {@code model-TYPE.gguf}; what the engine computes from it into {@code engine.safetensors} (for
 * each length L {@code L.logits}, {@code L.loss} and {@code L.gradient.WEIGHT}), and the tokens
 * that it read, texts and a conversation as our tokenizer writes them, and prompts with the
 * engine's answers, into {@code inputs.json}. {@code FOLDER/tied} holds the same of a model with a
 * tied head, of GGUF only {@code model-f32.gguf}; {@code FOLDER/sparse} holds the same of a mixture
 * of experts, without GGUF, with the losses of its routers; {@code FOLDER/dolma2} a release with
 * the tokenizer dolma2, and the same as {@code model-f32.gguf}; {@code FOLDER/bf16} a release in
 * bf16 and in several files, with the engine's answers from its weights.
 */
public final class ParityExport {
  /** Within the window, within the original context times two, and far beyond both. */
  private static final List<Integer> LENGTHS = List.of(48, 256, 768);

  private static final List<Integer> TIED_LENGTHS = List.of(48, 256);
  private static final List<Integer> SPARSE_LENGTHS = List.of(48, 256);

  /** As small as a model of dolma2's many tokens can be. */
  private static final ModelConfig MANY_TOKENS =
      new ModelConfig(2, 8, 2, 12, 100_352, 512, 8, 500_000, null);

  /** The toy model is then in three files. */
  private static final Map<String, Object> ROUNDED =
      Map.of("dtype", "bf16", "shardBytes", 1_000_000L);

  private final Path folder;
  private final ToyText text;
  private final Parameters weights;
  private final Decoder decoder;
  private final Map<Shape, float[]> results = new LinkedHashMap<>();
  private final Map<String, Object> inputs = new LinkedHashMap<>();

  private ParityExport(Path folder, ToyText text, Parameters weights, Decoder decoder) {
    this.folder = folder;
    this.text = text;
    this.weights = weights;
    this.decoder = decoder;
  }

  /** Writes the folder, which may exist. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      System.err.println("Usage: ParityExport FOLDER");
      System.exit(2);
    }
    Path folder = Path.of(arguments[0]);
    Files.createDirectories(folder);
    ToyText trained = ToyText.trained(ToyModel.SHAPE.vocabulary());
    Path tokenizer = trained.tokenizer().write(folder);
    export(folder, ToyModel.SHAPE, trained, tokenizer, LENGTHS);
    for (GgufType type : GgufType.values()) {
      writeGguf(folder, type);
    }
    export(folder.resolve("tied"), ToyModel.TIED, trained, tokenizer, TIED_LENGTHS);
    writeGguf(folder.resolve("tied"), GgufType.F32);
    export(folder.resolve("sparse"), ToyModel.SPARSE, trained, tokenizer, SPARSE_LENGTHS);
    Path dolma2 = Files.createDirectories(folder.resolve("dolma2"));
    Path published = Dolma2.write(dolma2);
    export(dolma2, MANY_TOKENS, ToyText.many(Tokenizer.read(published)), published, List.of());
    writeGguf(dolma2, GgufType.F32);
    exportRounded(folder.resolve("bf16"), trained, tokenizer);
  }

  private static void export(
      Path folder, ModelConfig shape, ToyText text, Path tokenizer, List<Integer> lengths)
      throws IOException {
    try (Lanes lanes = new Lanes(1);
        Parameters weights = ToyModel.weights(shape);
        Decoder decoder = new Decoder(shape, shape.context())) {
      ParityExport export = new ParityExport(folder, text, weights, decoder);
      export.writeModel(tokenizer, Map.of());
      lengths.forEach(export::compute);
      export.answer(lanes);
      export.writeResults();
    }
  }

  private static void exportRounded(Path folder, ToyText text, Path tokenizer) throws IOException {
    try (Lanes lanes = new Lanes(1);
        Parameters weights = ToyModel.weights(ToyModel.SHAPE);
        Decoder decoder = new Decoder(ToyModel.SHAPE, ToyModel.SHAPE.context())) {
      ParityExport export = new ParityExport(folder, text, weights, decoder);
      export.writeModel(tokenizer, ROUNDED);
      new CheckpointFolder(folder.resolve("release")).readWeights(weights);
      export.answer(lanes);
      export.writeResults();
    }
  }

  /**
   * @param keys of the release, beside title and licence
   */
  private void writeModel(Path tokenizer, Map<String, Object> keys) throws IOException {
    Files.createDirectories(folder);
    inputs.putAll(text.encoded());
    CheckpointFolder model = new CheckpointFolder(folder.resolve("model"));
    model.write(decoder.config(), weights, null, tokenizer, JsonMapper.shared().createObjectNode());
    Map<String, Object> release = new HashMap<>(Map.of("title", "Toy", "licence", "CC0-1.0"));
    release.putAll(keys);
    ReleaseStage.run(release, model.path(), audit(), folder);
  }

  /** Of a model that no stage made. */
  private static ArtifactAudit audit() {
    return new ArtifactAudit(
        Digest.of("toy"),
        ArtifactKind.CHECKPOINT.word(),
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static void writeGguf(Path folder, GgufType type) throws IOException {
    GgufExport.write(
        new CheckpointFolder(folder.resolve("model")),
        "Toy",
        type,
        folder.resolve("model-" + type.name().toLowerCase(Locale.ROOT) + ".gguf"));
  }

  private void compute(int length) {
    int[] tokens = ToyModel.tokens("length " + length, length);
    int[] targets = Arrays.copyOfRange(tokens, 1, length + 1);
    targets[length - 1] = PackedRows.NO_TARGET;
    PackedRows rows = PackedRows.of(List.of(List.of(new Sequence(tokens, targets))), length);
    inputs.put("tokens." + length, list(tokens));
    logits(length, rows);
    StepLoss loss = new StepLoss();
    ExpertLoad load = new ExpertLoad(decoder.config());
    try (Parameters gradient =
        Gradients.of(decoder, weights, NextToken.split(rows, length, 0, loss), load)) {
      put(length + ".loss", loss.crossEntropy());
      load.values().forEach((name, value) -> put(length + "." + name, value));
      for (Entry entry : gradient.layout().entries()) {
        put(length + ".gradient." + entry.name(), entry.shape(), gradient.read(entry));
      }
    }
  }

  private void logits(int length, PackedRows rows) {
    try (PointerScope _ = new PointerScope();
        Weights views = Weights.forInference(decoder.config(), weights)) {
      float[] logits =
          Tensors.toFloats(
              torch.mm(
                  decoder.hidden(views, rows.tokens(), rows.positions(), length),
                  views.head().t()));
      long vocabulary = decoder.config().vocabulary();
      put(length + ".logits", List.of((long) length, vocabulary), logits);
    }
  }

  /** What the cache of keys and values gives. */
  private void answer(Lanes lanes) {
    ToyAnswers answers = new ToyAnswers(decoder, weights, lanes, text.tokenizer().specials());
    inputs.put("answers", answers.to(text));
    inputs.put("longestAnswer", ToyAnswers.LONGEST);
  }

  private void put(String name, double value) {
    put(name, List.of(1L), new float[] {(float) value});
  }

  private void put(String name, List<Long> extents, float[] values) {
    results.put(new Shape(name, extents), values);
  }

  private void writeResults() throws IOException {
    Safetensors.write(folder.resolve("engine.safetensors"), results);
    Files.writeString(folder.resolve("inputs.json"), CanonicalJson.write(inputs) + "\n");
  }

  private static List<Integer> list(int[] tokens) {
    return Arrays.stream(tokens).boxed().toList();
  }
}
