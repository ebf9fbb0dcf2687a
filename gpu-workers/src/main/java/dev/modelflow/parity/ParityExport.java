package dev.modelflow.parity;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.checkpoint.Safetensors;
import dev.modelflow.engine.checkpoint.Safetensors.Shape;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.generate.Generator;
import dev.modelflow.engine.generate.Request;
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
import dev.modelflow.text.Dolma2;
import dev.modelflow.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code ParityExport FOLDER} writes a toy model as Hugging Face's tools load it, into {@code
 * FOLDER/model}, and as llama.cpp does, into {@code model-TYPE.gguf}; what the engine computes from
 * it into {@code engine.safetensors} (for each length L {@code L.logits}, {@code L.loss} and {@code
 * L.gradient.WEIGHT}), and the tokens that it read, with texts and a conversation as our tokenizer
 * writes them, into {@code inputs.json}. {@code FOLDER/sparse} holds the same of a mixture of
 * experts, without GGUF, with the losses of its routers; {@code FOLDER/dolma2} the tokenizer dolma2
 * with texts.
 */
public final class ParityExport {
  /** Within the window, within the original context times two, and far beyond both. */
  private static final List<Integer> LENGTHS = List.of(48, 256, 768);

  private static final List<Integer> SPARSE_LENGTHS = List.of(48, 256);

  private static final int PROMPT = 300;
  private static final int CONTINUATION = 40;

  private final Path folder;
  private final Parameters weights;
  private final Decoder decoder;
  private final Map<Shape, float[]> results = new LinkedHashMap<>();
  private final Map<String, Object> inputs = new LinkedHashMap<>();

  private ParityExport(Path folder, Parameters weights, Decoder decoder) {
    this.folder = folder;
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
    export(folder, ToyModel.SHAPE, LENGTHS);
    writeGguf(folder);
    export(folder.resolve("sparse"), ToyModel.SPARSE, SPARSE_LENGTHS);
    writeDolma2(folder.resolve("dolma2"));
  }

  private static void export(Path folder, ModelConfig shape, List<Integer> lengths)
      throws IOException {
    try (Lanes lanes = new Lanes(1);
        Parameters weights = ToyModel.weights(shape);
        Decoder decoder = new Decoder(shape, shape.context())) {
      ParityExport export = new ParityExport(folder, weights, decoder);
      export.writeModel();
      lengths.forEach(export::compute);
      export.generate(lanes);
      export.writeResults();
    }
  }

  private void writeModel() throws IOException {
    Files.createDirectories(folder);
    ToyText text = ToyText.trained(decoder.config().vocabulary());
    Path tokenizer = text.tokenizer().write(folder);
    inputs.putAll(text.encoded());
    new CheckpointFolder(folder.resolve("model"))
        .write(decoder.config(), weights, null, tokenizer, JsonMapper.shared().createObjectNode());
    Files.delete(folder.resolve(Tokenizer.FILE));
  }

  private static void writeGguf(Path folder) throws IOException {
    for (GgufType type : GgufType.values()) {
      GgufExport.write(
          new CheckpointFolder(folder.resolve("model")),
          "Toy",
          type,
          folder.resolve("model-" + type.name().toLowerCase(Locale.ROOT) + ".gguf"));
    }
  }

  private static void writeDolma2(Path folder) throws IOException {
    Files.createDirectories(folder);
    Tokenizer written = Tokenizer.read(Dolma2.write(folder));
    writeInputs(folder, ToyText.many(written).encoded());
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

  /** What the cache of keys and values gives, beyond window and original context. */
  private void generate(Lanes lanes) {
    int[] prompt = ToyModel.tokens("prompt", PROMPT);
    int[] said =
        new Generator(decoder, weights, lanes)
            .generate(List.of(Request.greedy(prompt)), 0, CONTINUATION)
            .getFirst()
            .getFirst()
            .tokens();
    inputs.put("prompt", list(prompt));
    inputs.put("continuation", list(said));
  }

  private void put(String name, double value) {
    put(name, List.of(1L), new float[] {(float) value});
  }

  private void put(String name, List<Long> extents, float[] values) {
    results.put(new Shape(name, extents), values);
  }

  private void writeResults() throws IOException {
    Safetensors.write(
        folder.resolve("engine.safetensors"),
        List.copyOf(results.keySet()),
        shape -> results.getOrDefault(shape, new float[0]));
    writeInputs(folder, inputs);
  }

  private static void writeInputs(Path folder, Map<String, Object> inputs) throws IOException {
    Files.writeString(folder.resolve("inputs.json"), CanonicalJson.write(inputs) + "\n");
  }

  private static List<Integer> list(int[] tokens) {
    return Arrays.stream(tokens).boxed().toList();
  }
}
