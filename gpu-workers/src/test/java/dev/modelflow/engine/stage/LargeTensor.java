package dev.modelflow.engine.stage;

import dev.modelflow.engine.checkpoint.AdoptedCheckpoint;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.checkpoint.CheckpointMean;
import dev.modelflow.engine.checkpoint.CheckpointMean.Ingredient;
import dev.modelflow.engine.checkpoint.InitialWeights;
import dev.modelflow.engine.checkpoint.WeightFiles;
import dev.modelflow.engine.gguf.GgufExport;
import dev.modelflow.engine.gguf.GgufType;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.OtherShapes;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.engine.tensor.SignOfLife;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import dev.modelflow.weights.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes a model, whose embedding is to be larger than this process's heap, through all that reads
 * and writes weights. The only argument is a folder for what it writes.
 */
public final class LargeTensor {
  /** Its embedding has 41 MiB and one row, and ends within a piece. */
  static final ModelConfig MODEL =
      OtherShapes.withTiedHead(new ModelConfig(1, 256, 2, 16, 41_985, 16, 4, 10_000, null));

  static final Initialization START = new Initialization(0.5, 0.3, 0.7);
  static final long SEED = 3;
  static final ParameterLayout LAYOUT = new ParameterLayout(MODEL);
  static final Entry EMBEDDING = LAYOUT.entry(ParameterLayout.EMBEDDING);

  private final Path root;
  private final Path tokenizer;

  private LargeTensor(Path root) throws IOException {
    this.root = root;
    tokenizer = TokenizerTrainer.train(new WordCounts(), 260).write(root);
  }

  /** Prints why a value that is not finite is refused. */
  public static void main(String[] arguments) throws IOException {
    long heap = Runtime.getRuntime().maxMemory();
    if (heap >= EMBEDDING.size() * Float.BYTES) {
      throw new IllegalStateException("The embedding is smaller than the heap of " + heap);
    }
    LibTorch.start();
    LargeTensor large = new LargeTensor(Path.of(arguments[0]));
    CheckpointFolder initial = large.initial();
    large.imported(initial, "imported");
    large.imported(ToyRelease.rounded(initial, 1_000_000, large.root), "rounded");
    GgufExport.write(initial, "Large", GgufType.F32, large.root.resolve("model.gguf"));
    try (Parameters weights = new Parameters(LAYOUT)) {
      initial.readWeights(weights);
      large.merged(initial, large.written(weights, "read"));
      System.out.print(large.refusal(weights));
    }
  }

  private static ObjectNode state() {
    return JsonMapper.shared().createObjectNode();
  }

  private CheckpointFolder folder(String name) {
    return new CheckpointFolder(root.resolve(name));
  }

  private CheckpointFolder initial() throws IOException {
    Path written = root.resolve("written");
    new InitialWeights(MODEL, START, SEED).write(written, 2, SignOfLife.NONE);
    return AdoptedCheckpoint.of(
        written, root.resolve("initial"), MODEL, 0, tokenizer, state(), SignOfLife.NONE);
  }

  private void imported(CheckpointFolder source, String name) throws IOException {
    try (WeightFiles weights = source.weights()) {
      folder(name).write(MODEL, weights, tokenizer, state());
    }
  }

  private CheckpointFolder written(Parameters weights, String name) throws IOException {
    CheckpointFolder folder = folder(name);
    folder.write(MODEL, weights, null, tokenizer, state());
    return folder;
  }

  /** The mean of two that are equal is either of them. */
  private void merged(CheckpointFolder one, CheckpointFolder other) throws IOException {
    List<Ingredient> ingredients =
        List.of(new Ingredient("one", one, 1), new Ingredient("other", other, 2));
    try (CheckpointMean mean = CheckpointMean.open(ingredients)) {
      folder("merged").write(MODEL, mean, tokenizer, state());
    }
  }

  private String refusal(Parameters weights) throws IOException {
    long size = EMBEDDING.size();
    weights.write(EMBEDDING, new Range(size - 1, size), new float[] {Float.NaN});
    try {
      written(weights, "broken").readWeights(weights);
      return "";
    } catch (CheckpointException refused) {
      return String.valueOf(refused.getMessage());
    }
  }
}
