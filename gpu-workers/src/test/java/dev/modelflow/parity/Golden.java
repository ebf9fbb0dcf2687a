package dev.modelflow.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.tensor.Tensors;
import dev.modelflow.weights.TensorFiles;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;

/** A small model that transformers made, and what it computes from it; close it to free it. */
final class Golden implements AutoCloseable {
  private final Map<String, float[]> expected;
  private final ModelConfig model;
  private final Parameters weights;

  /** The golden files of {@code gpu-workers/parity/golden.py} of this name. */
  Golden(String name) throws IOException, URISyntaxException {
    var resource = Objects.requireNonNull(Golden.class.getResource("/golden/" + name));
    Path folder = Path.of(resource.toURI());
    expected = new HashMap<>(TensorFiles.read(folder.resolve("expected.safetensors")));
    Path masked = folder.resolve("masked.safetensors");
    if (Files.exists(masked)) {
      expected.putAll(TensorFiles.read(masked));
    }
    CheckpointFolder checkpoint = new CheckpointFolder(folder);
    model = checkpoint.model();
    weights = new Parameters(new ParameterLayout(model));
    checkpoint.readWeights(weights);
  }

  ModelConfig model() {
    return model;
  }

  Parameters weights() {
    return weights;
  }

  /** The values of this name, such as {@code 6.logits}. */
  float[] expected(String name) {
    return Objects.requireNonNull(expected.get(name), name);
  }

  /** The row that was read, each token predicting the next. */
  PackedRows rows(int length) {
    float[] given = expected(length + ".tokens");
    int[] tokens = new int[length];
    Arrays.setAll(tokens, i -> (int) given[i]);
    int[] targets = Arrays.copyOfRange(tokens, 1, length + 1);
    targets[length - 1] = PackedRows.NO_TARGET;
    return PackedRows.of(List.of(List.of(new Sequence(tokens, targets))), length);
  }

  /** The same without every third target. */
  PackedRows maskedRows(int length) {
    PackedRows rows = rows(length);
    int[] targets = rows.targets().clone();
    for (int i = 0; i < length; i += 3) {
      targets[i] = PackedRows.NO_TARGET;
    }
    return rows.withTargets(targets);
  }

  /** What the engine computes for that row with a model of this shape, row-major. */
  float[] logits(ModelConfig shape, int length) {
    PackedRows rows = rows(length);
    try (PointerScope _ = new PointerScope();
        Decoder decoder = new Decoder(shape, length);
        Weights views = Weights.forInference(shape, weights)) {
      return Tensors.toFloats(
          torch.mm(
              decoder.hidden(views, rows.tokens(), rows.positions(), length), views.head().t()));
    }
  }

  /** The largest difference of two values in the same place. */
  static double difference(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs((double) actual[i] - expected[i]));
    }
    return largest;
  }

  @Override
  public void close() {
    weights.close();
  }
}
